// The same in C++: the handles fit unique_ptr, the constants fit constexpr and switch.
#include <ine.h>

#include <iostream>
#include <memory>
#include <string>
#include <string_view>

namespace
{
template <typename T, void (*free_handle)(T *)> struct Free {
    void operator()(T *handle) const
    {
        free_handle(handle);
    }
};
using Error = std::unique_ptr<ine_error, Free<ine_error, ine_error_free>>;
using Decision = std::unique_ptr<ine_decision, Free<ine_decision, ine_decision_free>>;
using Verdict = std::unique_ptr<ine_verdict, Free<ine_verdict, ine_verdict_free>>;

std::string_view view(ine_str text)
{
    return {text.ptr ? text.ptr : "", text.len};
}
} // namespace

int main()
{
    static_assert(INE_OK == 0 && INE_E_BUSY < 0);
    const std::string body =
        R"({"status":"success","verification":{"id":"12df6045-3846-3e45-946a-14fa6136d78b",)"
        R"("status":"declined","code":9102,"reasonCode":640}})";
    ine_error *err = nullptr;
    ine_decision *read = nullptr;
    ine_verdict *made = nullptr;
    int32_t code = ine_decision_read(&read, body.data(), body.size(), INE_READ_BORROW, &err);
    const Decision decision{read};
    if (code == INE_OK)
        code = ine_verdict_new(&made, decision.get(), 0, 0, &err);
    const Verdict verdict{made};
    const Error error{err};
    if (code != INE_OK) {
        std::cerr << view(ine_error_text(error.get())) << "\n";
        return 1;
    }
    ine_str outcome{};
    ine_verdict_field(verdict.get(), INE_V_OUTCOME, &outcome, nullptr);
    std::cout << view(ine_version()) << " " << view(outcome) << "\n";
    return 0;
}
