using System.Net;
using Microsoft.AspNetCore.Http;
using SameSite = Microsoft.AspNetCore.Http.SameSiteMode;

namespace Spindle.Dashboard.Access;

/// <summary>Turns away requests that do not come from the dashboard's own page in a browser that may see it.</summary>
/// <param name="token">What a browser must know, or null for nothing.</param>
/// <param name="isLoopback">Whether the dashboard listens on a loopback address.</param>
internal sealed class RequestGuard(AccessToken? token, bool isLoopback)
{
    private const string TokenKey = "token";
    private const string Bearer = "Bearer ";

    // scripts of the page itself; the figures set styles
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Answers a request that is turned away, and passes on every other.</summary>
    public async Task Guard(HttpContext context, RequestDelegate next)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        // addresses may hold the token
        headers["Referrer-Policy"] = "no-referrer";
        // a name that someone else lets point to this machine (DNS rebinding)
        if (isLoopback && !IsLoopback(request.Host)) await Refuse(context, StatusCodes.Status421MisdirectedRequest, "this dashboard answers to localhost only");
        else if (token is not null && !token.Is(Given(request))) await Refuse(context, StatusCodes.Status401Unauthorized, "open the whole address that 'spindle dashboard' printed, with its token");
        else if (!HttpMethods.IsGet(request.Method) && !IsOwn(request)) await Refuse(context, StatusCodes.Status403Forbidden, "only the dashboard's own page may do this");
        else if (token is not null && request.Query.ContainsKey(TokenKey))
        {
            context.Response.Cookies.Append(CookieOf(request), request.Query[TokenKey]!, new() { HttpOnly = true, SameSite = SameSite.Lax, IsEssential = true });
            context.Response.Redirect("/");
        }
        else await next(context);
    }

    private static bool IsLoopback(HostString host) => host.Host is "localhost" || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // a page of another origin says so, and a program says nothing
    private static bool IsOwn(HttpRequest request) => request.Headers.Origin is [var origin] && origin == $"{request.Scheme}://{request.Host}";

    private static string? Given(HttpRequest request) =>
        request.Query.TryGetValue(TokenKey, out var asked) ? asked.ToString()
        : request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.Ordinal) ? header[Bearer.Length..]
        : request.Cookies[CookieOf(request)];

    // the cookies of a machine are shared by its ports
    private static string CookieOf(HttpRequest request) => FormattableString.Invariant($"spindle-{request.HttpContext.Connection.LocalPort}");

    private static Task Refuse(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(why + "\n");
    }
}
