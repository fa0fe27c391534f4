#include "queue/event.h"

ine_event *ine__event_new(int32_t kind, uint64_t token, uint64_t submission)
{
    ine_event *event = ine__alloc(sizeof *event);
    if (!event)
        return NULL;
    event->kind = kind;
    event->token = token;
    event->submission = submission;
    for (size_t i = 0; i < INE__EVENT_NUMBERS; i++)
        event->number[i] = -1;
    return event;
}

void ine__event_session(ine_event *event, ine_str session)
{
    if (!ine__is_uuid(session))
        return;
    memcpy(event->session, session.ptr, INE__SESSION_SIZE);
    event->session_len = INE__SESSION_SIZE;
}

void ine_event_free(ine_event *event)
{
    if (!event)
        return;
    ine__text_free(&event->url);
    ine__text_free(&event->template_);
    ine_error_free(event->error);
    ine_verdict_free(event->verdict);
    ine_decision_free(event->decision);
    ine__free_wiped(event, sizeof *event);
}

int32_t ine_event_kind(const ine_event *event)
{
    return event ? event->kind : INE_E_ARGUMENT;
}

uint64_t ine_event_token(const ine_event *event)
{
    return event ? event->token : 0;
}

uint64_t ine_event_submission(const ine_event *event)
{
    return event ? event->submission : 0;
}

int64_t ine_event_number(const ine_event *event, int32_t number)
{
    return event && number > 0 && number < INE__EVENT_NUMBERS ? event->number[number] : -1;
}

ine_str ine_event_session_id(const ine_event *event)
{
    return event && event->session_len ? (ine_str){event->session, event->session_len} : INE__NONE;
}

ine_str ine_event_session_url(const ine_event *event)
{
    return event ? event->url : INE__NONE;
}

ine_str ine_event_text(const ine_event *event, int32_t text)
{
    if (!event || (text != INE_EV_METHOD && text != INE_EV_TEMPLATE))
        return INE__NONE;
    return text == INE_EV_METHOD ? event->method : event->template_;
}

const ine_error *ine_event_error(const ine_event *event)
{
    return event ? event->error : NULL;
}

int32_t ine_event_take(ine_event *event, ine_verdict **verdict, ine_decision **decision,
                       ine_error **err)
{
    ine__error_clear(err);
    if (verdict)
        *verdict = NULL;
    if (decision)
        *decision = NULL;
    if (!event)
        return ine__fail(err, INE_E_ARGUMENT, "no event");
    if (verdict) {
        *verdict = event->verdict;
        event->verdict = NULL;
    }
    if (decision) {
        *decision = event->decision;
        event->decision = NULL;
    }
    if (!event->error)
        return INE_OK;
    const int32_t code = ine_error_code(event->error);
    if (err) {
        *err = event->error;
        event->error = NULL;
    }
    return code;
}
