#include "net/client.h"

#define BUCKETS 64

bool ine__table_init(ine_client *client)
{
    client->table = ine__alloc_array(BUCKETS, sizeof(ine__job *));
    client->buckets = BUCKETS;
    return client->table != NULL;
}

/* Ids count up, so their low bits spread evenly. */
static ine__job **bucket(ine__job **table, size_t buckets, uint64_t id)
{
    return &table[id & (buckets - 1)];
}

/* Without memory the chains just grow longer. */
static void grow(ine_client *client)
{
    const size_t buckets = client->buckets * 2;
    ine__job **table = ine__alloc_array(buckets, sizeof(ine__job *));
    if (!table)
        return;
    for (size_t i = 0; i < client->buckets; i++) {
        ine__job *job = client->table[i];
        while (job) {
            ine__job *next = job->table_next;
            ine__job **to = bucket(table, buckets, job->id);
            job->table_next = *to;
            *to = job;
            job = next;
        }
    }
    ine__free(client->table);
    client->table = table;
    client->buckets = buckets;
}

void ine__table_add(ine_client *client, ine__job *job)
{
    if (client->jobs >= client->buckets)
        grow(client);
    ine__job **to = bucket(client->table, client->buckets, job->id);
    job->table_next = *to;
    *to = job;
    client->jobs++;
}

ine__job *ine__table_find(const ine_client *client, uint64_t id)
{
    ine__job *job = *bucket(client->table, client->buckets, id);
    while (job && job->id != id)
        job = job->table_next;
    return job;
}

void ine__table_remove(ine_client *client, ine__job *job)
{
    ine__job **at = bucket(client->table, client->buckets, job->id);
    while (*at && *at != job)
        at = &(*at)->table_next;
    if (!*at)
        return;
    *at = job->table_next;
    client->jobs--;
}

void ine__inbox_put(ine_client *client, ine__job *job, uint32_t command)
{
    if (!job->commands) {
        job->inbox_next = client->inbox;
        client->inbox = job;
    }
    job->commands |= command;
}

void ine__inbox_drop(ine_client *client, ine__job *job)
{
    ine__job **at = &client->inbox;
    if (!job->commands)
        return;
    while (*at != job)
        at = &(*at)->inbox_next;
    *at = job->inbox_next;
    job->commands = 0;
}
