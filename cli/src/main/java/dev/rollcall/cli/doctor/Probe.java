package dev.rollcall.cli.doctor;

import dev.rollcall.cli.context.RawRequest;
import dev.rollcall.cli.context.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Requests as they are, to see what an answer is like and not only what it says. */
final class Probe {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration MOST_SKEW = Duration.ofSeconds(5);
    private static final Pattern TIME = Pattern.compile("\\[(\\d{17})]");
    private static final int OK = 200;

    private final Target target;
    private final HttpClient http = RawRequest.http(HttpClient.Version.HTTP_1_1);

    Probe(Target target) {
        this.target = target;
    }

    /**
     * The time of the service.
     *
     * @param finding whether it could be had
     * @param server what it is there, or null
     * @param here what it was here at that moment, as near to the other as can be
     * @param doubt how long the answer took, within which nothing is known
     */
    record Time(Finding finding, @Nullable Instant server, Instant here, Duration doubt) {}

    /** Asks what time it is. */
    Time time(Clock clock) {
        Instant before = clock.instant();
        Instant server = null;
        Finding finding;
        try {
            HttpResponse<String> answer = http.send(request("/time/0", PATIENCE), BodyHandlers.ofString());
            Matcher time = TIME.matcher(answer.body().strip());
            if (answer.statusCode() == OK && time.matches()) {
                server = Instant.ofEpochMilli(Long.parseLong(time.group(1)) / 10_000);
                finding = Finding.good("reach", "a server answers at " + target.url());
            } else {
                finding = Finding.bad(
                        "reach",
                        "what answers at " + target.url() + " is no client port of Rollcall (status "
                                + answer.statusCode() + " for /time/0)",
                        isAdminPort()
                                ? "that is an admin port; --url wants the client port, 8090 unless it was changed"
                                : "name the client port with --url; rollcall serve prints it when it starts");
            }
        } catch (IOException e) {
            finding = Finding.bad("reach", "no answer from " + target.url() + ": " + why(e), fix(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            finding = Finding.bad("reach", "interrupted", "try again");
        }
        Instant after = clock.instant();
        return new Time(finding, server, nearest(server, before, after), Duration.between(before, after));
    }

    /** Returns the moment between two that is nearest to another: an answer that was long on its way says no more of a clock. */
    private static Instant nearest(@Nullable Instant to, Instant first, Instant last) {
        if (to == null || to.isAfter(last)) {
            return last;
        }
        return to.isBefore(first) ? first : to;
    }

    private boolean isAdminPort() throws IOException, InterruptedException {
        return http.send(request("/health", PATIENCE), BodyHandlers.discarding())
                        .statusCode()
                == OK;
    }

    static String why(IOException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "there is no such host";
            }
            if (cause instanceof SSLException) {
                return "TLS: " + cause.getMessage();
            }
        }
        return problem instanceof ConnectException
                ? "connection refused"
                : problem.getMessage() == null ? problem.toString() : problem.getMessage();
    }

    private String fix(IOException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return "is it " + ("https".equalsIgnoreCase(target.url().getScheme()) ? "http" : "https")
                        + "? is the certificate for this name, and is its issuer trusted here?";
            }
        }
        return "start one with rollcall serve, or name another port with --url";
    }

    /** Compares the clocks. */
    Finding skew(Time time) {
        Instant server = time.server();
        if (server == null) {
            return Finding.info("clock", "clock: not known");
        }
        Duration skew = Duration.between(time.here(), server);
        if (skew.abs().compareTo(MOST_SKEW) <= 0) {
            return Finding.good(
                    "clock",
                    "the clocks agree to "
                            + Math.max(1, skew.abs().plus(time.doubt()).toMillis()) + " ms");
        }
        return Finding.bad(
                "clock",
                "the server's clock is " + skew.abs().toSeconds() + " s " + (skew.isNegative() ? "behind" : "ahead of")
                        + " this machine's",
                "set both by NTP: signatures and tokens are refused when they differ by more than a minute");
    }

    /** Looks whether HTTP/2 can be had. */
    Finding http2() {
        try {
            HttpResponse<Void> answer = RawRequest.http(HttpClient.Version.HTTP_2)
                    .send(request("/time/0", PATIENCE), BodyHandlers.discarding());
            return answer.version() == HttpClient.Version.HTTP_2
                    ? Finding.good("http2", "HTTP/2 works")
                    : Finding.info(
                            "http2", "no HTTP/2: browsers open six connections at most, so mind the number of tabs");
        } catch (IOException e) {
            return Finding.info("http2", "HTTP/2 could not be tried: " + why(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.info("http2", "HTTP/2 was not tried");
        }
    }

    HttpClient http() {
        return http;
    }

    HttpRequest request(String pathAndQuery, Duration timeout) {
        return RawRequest.get(target, pathAndQuery, timeout);
    }
}
