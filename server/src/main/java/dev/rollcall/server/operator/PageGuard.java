package dev.rollcall.server.operator;

import dev.rollcall.server.http.AllowedHosts;
import dev.rollcall.server.http.Request;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pages of others from the admin port, which browsers reach wherever their user does. A page cannot make a browser say another
 * {@code Host} than the name it was loaded by, so a name that anybody could let lead here is refused (DNS rebinding); nor can it hide its
 * {@code Origin}, or that a request crosses from one site to another. Ports of {@code Host} are not looked at: behind a forwarded port they
 * differ, and say nothing of who asks. Immutable.
 */
final class PageGuard {
    private static final int SHOWN = 100;

    private final AllowedHosts hosts;

    PageGuard(String names) {
        hosts = new AllowedHosts(names, Set.of());
    }

    /** Refuses what a page of somebody else could have sent. */
    void check(Request request) {
        String host = request.host();
        if (!hosts.allows(host, request.rawPath())) {
            throw new NotAdmittedException(403, hosts.complaint(host));
        }
        String origin = request.header("origin");
        if (origin != null && !isOwn(origin, host)) {
            throw new NotAdmittedException(
                    403, "Origin: " + shown(origin) + " (expected: none, or that of the port itself)");
        }
        String site = request.header("sec-fetch-site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw new NotAdmittedException(403, "Sec-Fetch-Site: " + shown(site) + " (expected: same-origin or none)");
        }
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        int scheme = origin.indexOf("://");
        if (host == null || scheme < 0) {
            return false;
        }
        String name = origin.substring(0, scheme);
        return (name.equals("http") || name.equals("https"))
                && origin.substring(scheme + 3)
                        .toLowerCase(Locale.ROOT)
                        .equals(host.strip().toLowerCase(Locale.ROOT));
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + '…' : text;
    }
}
