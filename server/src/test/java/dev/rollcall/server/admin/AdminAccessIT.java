package dev.rollcall.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.admin.AdminServer.Answer;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.operator.AdminPort;
import dev.rollcall.server.operator.AdminToken;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask the admin port for what, with requests as browsers, scrapers and operators send them. */
class AdminAccessIT {
    private static final String OVERVIEW = "/admin/v1/overview";
    private static final String KICK = "/admin/v1/keysets/demo/users/alice/kick";
    private static final String TOKEN = "the-token-of-operators";
    private static final String METRICS_TOKEN = "the-token-of-the-scraper";

    private static AdminServer open() {
        return new AdminServer(config -> config);
    }

    private static AdminServer locked() {
        return new AdminServer(AdminAccessIT::withTokens);
    }

    private static RollcallConfig withTokens(RollcallConfig config) {
        AdminPort port =
                AdminPort.DEFAULT.withToken(AdminToken.of(TOKEN)).withMetricsToken(AdminToken.of(METRICS_TOKEN));
        return config.withProtection(config.protection().withAdmin(port));
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }

    @Test
    void namesThatAnybodyCanHaveLeadHere_areRefused() throws Exception {
        try (AdminServer server = open()) {
            int port = server.server.adminPort();
            for (String host : List.of(
                    "evil.example", "evil.example:" + port, "localhost.evil.example", "127.0.0.1.evil.example", "")) {
                Answer refused = server.raw("GET " + OVERVIEW, "Host: " + host);
                assertThat(refused.status()).as(host).isEqualTo(403);
                assertThat(refused.error().path("expected").asText()).contains("admin-hosts");
                assertThat(server.raw("GET /health", "Host: " + host).status())
                        .as(host)
                        .isEqualTo(200);
                assertThat(server.raw("GET /ready", "Host: " + host).status())
                        .as(host)
                        .isEqualTo(200);
            }
            for (String host :
                    List.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port, "LOCALHOST", "127.0.0.1:1")) {
                assertThat(server.raw("GET " + OVERVIEW, "Host: " + host).status())
                        .as(host)
                        .isEqualTo(200);
            }
        }
    }

    /** What a page of another origin can send: simple requests, requests it asks leave for first, and navigation. */
    @Test
    void pagesOfOtherOrigins_areRefused_whateverTheySend() throws Exception {
        try (AdminServer server = open()) {
            String host = "Host: 127.0.0.1:" + server.server.adminPort();
            for (String origin :
                    List.of("http://evil.example", "null", "http://127.0.0.1:1", "http://localhost:3000", "x")) {
                Answer refused = server.raw("GET " + OVERVIEW, host, "Origin: " + origin);
                assertThat(refused.status()).as(origin).isEqualTo(403);
                assertThat(refused.body()).doesNotContain("occupants");
                assertThat(server.raw(
                                        "POST " + KICK,
                                        host,
                                        "Origin: " + origin,
                                        "X-Rollcall: 1",
                                        "Content-Type: application/json",
                                        "Content-Length: 2",
                                        "",
                                        "{}")
                                .status())
                        .as(origin)
                        .isEqualTo(403);
            }
            for (String site : List.of("cross-site", "same-site", "whatever")) {
                assertThat(server.raw("GET " + OVERVIEW, host, "Sec-Fetch-Site: " + site)
                                .status())
                        .as(site)
                        .isEqualTo(403);
            }
            for (String site : List.of("same-origin", "none")) {
                assertThat(server.raw("GET " + OVERVIEW, host, "Sec-Fetch-Site: " + site)
                                .status())
                        .as(site)
                        .isEqualTo(200);
            }
            Answer own = server.raw("GET " + OVERVIEW, host, "Origin: http://127.0.0.1:" + server.server.adminPort());
            assertThat(own.status()).isEqualTo(200);
            assertThat(own.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        }
    }

    /** There every name of a header is in lower case, whatever was written. */
    @Test
    void overHttp2_theSameIsRefusedAndTaken() throws Exception {
        try (AdminServer server = open()) {
            String uri = "http://127.0.0.1:" + server.server.adminPort();
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
            HttpRequest look =
                    HttpRequest.newBuilder(URI.create(uri + OVERVIEW)).build();
            // Goes up to HTTP/2, in which all that follows is sent.
            assertThat(client.send(look, BodyHandlers.ofString()).version()).isEqualTo(HttpClient.Version.HTTP_2);
            HttpRequest.Builder kick = HttpRequest.newBuilder(URI.create(uri + KICK))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"));
            var withoutIntent = client.send(kick.copy().build(), BodyHandlers.ofString());
            assertThat(withoutIntent.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(withoutIntent.statusCode()).isEqualTo(403);
            kick.header("X-Rollcall", "1");
            assertThat(client.send(kick.copy().build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            kick.header("Origin", "http://evil.example");
            assertThat(client.send(kick.copy().build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void preflights_areNeverGranted() throws Exception {
        try (AdminServer server = open()) {
            for (String origin : List.of("http://evil.example", "http://127.0.0.1:" + server.server.adminPort())) {
                Answer answer = server.raw(
                        "OPTIONS " + KICK,
                        "Host: 127.0.0.1:" + server.server.adminPort(),
                        "Origin: " + origin,
                        "Access-Control-Request-Method: POST",
                        "Access-Control-Request-Headers: x-rollcall,content-type");
                assertThat(answer.status()).isIn(403, 405);
                assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
            }
        }
    }

    /** Of a browser that says nothing of where a form came from, too. */
    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
    void whatAFormCanSend_changesNothing(String type) throws Exception {
        try (AdminServer server = open()) {
            String host = "Host: 127.0.0.1:" + server.server.adminPort();
            Answer form = server.raw("POST " + KICK, host, "Content-Type: " + type, "Content-Length: 2", "", "{}");
            assertThat(form.status()).isEqualTo(403);
            assertThat(form.error().path("expected").asText()).contains("X-Rollcall: 1");
            Answer meant = server.raw(
                    "POST " + KICK, host, "X-Rollcall: 1", "Content-Type: " + type, "Content-Length: 2", "", "{}");
            assertThat(meant.status()).isEqualTo(415);
        }
    }

    @Test
    void whoeverScrapes_cannotOperate() throws Exception {
        try (AdminServer server = locked()) {
            assertThat(server.get("/metrics").status()).isEqualTo(401);
            assertThat(server.get("/metrics", "Authorization", bearer(METRICS_TOKEN))
                            .body())
                    .contains("rollcall_occupants");
            assertThat(server.get("/metrics", "Authorization", bearer(TOKEN)).status())
                    .isEqualTo(200);
            assertThat(server.get(OVERVIEW, "Authorization", bearer(METRICS_TOKEN))
                            .status())
                    .isEqualTo(403);
            assertThat(server.change("POST", KICK, "{}", "Authorization", bearer(METRICS_TOKEN))
                            .status())
                    .isEqualTo(403);
            Answer none = server.get(OVERVIEW);
            assertThat(none.status()).isEqualTo(401);
            assertThat(none.headers()).containsEntry("www-authenticate", "Bearer realm=\"rollcall\"");
            assertThat(none.error().path("expected").asText()).contains("admin-token");
            assertThat(server.get(OVERVIEW, "Authorization", bearer(TOKEN)).status())
                    .isEqualTo(200);
            assertThat(server.get("/health").status()).isEqualTo(200);
        }
    }

    @Test
    void whoeverGuesses_hasToWait() throws Exception {
        try (AdminServer server = locked()) {
            for (int guess = 0; guess < 5; guess++) {
                assertThat(server.get(OVERVIEW, "Authorization", bearer("a-wrong-token-" + guess))
                                .status())
                        .isEqualTo(401);
            }
            for (String token : List.of("another-wrong-token", TOKEN)) {
                Answer refused = server.get(OVERVIEW, "Authorization", bearer(token));
                assertThat(refused.status()).isEqualTo(429);
                assertThat(Integer.parseInt(refused.headers().get("retry-after")))
                        .isBetween(1, 60);
            }
            assertThat(server.change("POST", "/admin/v1/session", "{\"token\":\"" + TOKEN + "\"}")
                            .status())
                    .isEqualTo(429);
            assertThat(server.get("/metrics", "Authorization", bearer(METRICS_TOKEN))
                            .status())
                    .as("another account")
                    .isEqualTo(200);
        }
    }

    @Test
    void session_standsForTheToken_untilItIsEnded() throws Exception {
        try (AdminServer server = locked()) {
            assertThat(server.get("/admin/v1/session").json().path("open").asBoolean())
                    .isFalse();
            assertThat(server.change("POST", "/admin/v1/session", "{\"token\":\"a-wrong-token-of-mine\"}")
                            .status())
                    .isEqualTo(401);
            Answer opened = server.change("POST", "/admin/v1/session", "{\"token\":\"" + TOKEN + "\"}");
            assertThat(opened.status()).isEqualTo(200);
            String cookie = opened.headers().get("set-cookie");
            assertThat(cookie)
                    .startsWith("rollcall-session=")
                    .contains("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200")
                    .doesNotContain("Secure");
            String pair = cookie.substring(0, cookie.indexOf(';'));

            assertThat(server.get(OVERVIEW, "Cookie", "other=1; " + pair).status())
                    .isEqualTo(200);
            assertThat(server.get("/metrics", "Cookie", pair).status()).isEqualTo(200);
            assertThat(server.get("/admin/v1/session", "Cookie", pair)
                            .json()
                            .path("open")
                            .asBoolean())
                    .isTrue();
            assertThat(server.raw(
                                    "POST " + KICK,
                                    "Host: 127.0.0.1:" + server.server.adminPort(),
                                    "Cookie: " + pair,
                                    "Content-Type: text/plain",
                                    "Content-Length: 0")
                            .status())
                    .as("a form")
                    .isEqualTo(403);
            assertThat(server.get(OVERVIEW, "Cookie", pair + "x").status()).isEqualTo(401);

            Answer closed = server.change("DELETE", "/admin/v1/session", "", "Cookie", pair);
            assertThat(closed.headers().get("set-cookie")).contains("Max-Age=0");
            assertThat(server.get(OVERVIEW, "Cookie", pair).status()).isEqualTo(401);
        }
    }

    @Test
    void behindTls_theCookieIsForTlsOnly() throws Exception {
        AdminPort port = new AdminPort(AdminToken.of(TOKEN), null, "", AdminPort.Tls.PROXY, true, true);
        try (AdminServer server = new AdminServer(
                config -> config.withProtection(config.protection().withAdmin(port)))) {
            Answer opened = server.change("POST", "/admin/v1/session", "{\"token\":\"" + TOKEN + "\"}");
            assertThat(opened.headers().get("set-cookie"))
                    .startsWith("__Host-rollcall=")
                    .contains("; Secure");
        }
    }

    @Test
    void switchedOff_thereIsNoApi() throws Exception {
        AdminPort port = new AdminPort(null, null, "", AdminPort.Tls.OFF, false, true);
        try (AdminServer server = new AdminServer(
                config -> config.withProtection(config.protection().withAdmin(port)))) {
            assertThat(server.get(OVERVIEW).status()).isEqualTo(404);
            assertThat(server.get("/metrics").status()).isEqualTo(200);
        }
    }
}
