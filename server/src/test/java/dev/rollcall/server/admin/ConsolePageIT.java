package dev.rollcall.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.server.admin.AdminServer.Answer;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.operator.AdminPort;
import dev.rollcall.server.operator.AdminToken;
import org.junit.jupiter.api.Test;

/** How the console is served. What it does in a browser is tested in a browser. */
class ConsolePageIT {
    private static final AdminPort PORT = AdminPort.DEFAULT.withToken(AdminToken.of("the-token-of-operators"));

    private static AdminServer server(AdminPort port) {
        return new AdminServer(
                config -> config.withProtection(config.protection().withAdmin(port)));
    }

    private static AdminPort port(boolean isApiOn, boolean isConsoleOn) {
        return new AdminPort(null, null, "", AdminPort.Tls.OFF, isApiOn, isConsoleOn);
    }

    @Test
    void page_isForEverybody_withAStrictPolicy_alsoWhereATokenIsNeeded() throws Exception {
        try (AdminServer server = server(PORT)) {
            Answer page = server.get("/console/");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).contains("<!doctype html>").doesNotContain("the-token");
            assertThat(page.headers())
                    .containsEntry("content-type", "text/html; charset=utf-8")
                    .containsEntry("cache-control", "no-cache")
                    .containsEntry("x-content-type-options", "nosniff")
                    .containsEntry("referrer-policy", "no-referrer")
                    .containsEntry("cross-origin-opener-policy", "same-origin")
                    .containsEntry("cross-origin-resource-policy", "same-origin")
                    .doesNotContainKey("access-control-allow-origin");
            assertThat(page.headers().get("content-security-policy"))
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
                    .contains("connect-src 'self' http://127.0.0.1:" + server.server.port() + ";")
                    .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'")
                    .doesNotContain("unsafe");
            assertThat(server.get("/admin/v1/overview").status()).isEqualTo(401);
        }
    }

    @Test
    void files_areSentOnce_compressed_andNotAgainWhileTheyAreTheSame() throws Exception {
        try (AdminServer server = server(PORT)) {
            Answer plain = server.get("/console/app.js");
            Answer small = server.get("/console/app.js", "Accept-Encoding", "gzip, br");
            assertThat(small.headers())
                    .containsEntry("content-encoding", "gzip")
                    .containsEntry("vary", "Accept-Encoding");
            assertThat(Integer.parseInt(small.headers().get("content-length")))
                    .isLessThan(Integer.parseInt(plain.headers().get("content-length")) / 2);
            assertThat(server.get("/console/app.js", "Accept-Encoding", "br, gzip;q=0")
                            .body())
                    .isEqualTo(plain.body());
            String tag = plain.headers().get("etag");
            for (String given : new String[] {tag, "W/" + tag, "\"other\", " + tag, "*"}) {
                Answer same = server.get("/console/app.js", "If-None-Match", given);
                assertThat(same.status()).as(given).isEqualTo(304);
                assertThat(same.body()).isEmpty();
                assertThat(same.headers()).containsEntry("etag", tag).doesNotContainKey("content-length");
            }
            assertThat(server.get("/console/app.js", "If-None-Match", "\"other\"")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void pathsThatAreNotInTheList_doNotExist() throws Exception {
        try (AdminServer server = server(PORT)) {
            for (String path : new String[] {
                "/console/index.html",
                "/console/..",
                "/console/../metrics",
                "/console/%2e%2e/app.js",
                "/console//app.js",
                "/console/app.js/"
            }) {
                assertThat(server.raw("GET " + path, "Host: localhost").status())
                        .as(path)
                        .isEqualTo(404);
            }
            Answer moved = server.raw("GET /console", "Host: localhost");
            assertThat(moved.status()).isEqualTo(308);
            assertThat(moved.headers()).containsEntry("location", "/console/");
            assertThat(server.raw("POST /console/", "Host: localhost", "Content-Length: 0")
                            .status())
                    .isEqualTo(405);
            assertThat(server.raw("GET /console/", "Host: evil.example").status())
                    .isEqualTo(403);
        }
    }

    @Test
    void policy_namesNoHostThatCouldEndIt() throws Exception {
        try (AdminServer server = server(PORT)) {
            String ipv6 = server.raw("GET /console/", "Host: [::1]:1").headers().get("content-security-policy");
            assertThat(ipv6).contains("connect-src 'self';");
        }
    }

    @Test
    void console_isNotThere_whereItOrTheApiIsSwitchedOff() throws Exception {
        for (AdminPort port : new AdminPort[] {port(true, false), port(false, true)}) {
            try (AdminServer server = server(port)) {
                assertThat(server.get("/console/").status()).isEqualTo(404);
                assertThat(server.server.consoleUri()).isNull();
            }
        }
        assertThat(RollcallConfig.development().protection().admin().hasConsole())
                .isTrue();
    }
}
