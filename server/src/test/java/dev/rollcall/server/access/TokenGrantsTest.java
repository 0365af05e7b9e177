package dev.rollcall.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.access.grant.AccessReply;
import dev.rollcall.server.access.signature.SignedRequest;
import dev.rollcall.server.access.token.Permissions;
import dev.rollcall.server.access.token.Token;
import dev.rollcall.server.access.token.Tokens;
import dev.rollcall.server.access.token.VerifiedToken;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenGrantsTest extends AccessFixture {
    private final Tokens tokens = new Tokens();

    private Token opened(String body) {
        VerifiedToken token = tokens.open(keyset, granted(body));
        assertThat(token).isNotNull();
        return token.token();
    }

    @Test
    void grant_takesTheBodyOfSdks() {
        Token token = opened("""
                {"ttl":60,"permissions":{
                  "resources":{"channels":{"room":1},"groups":{},"uuids":{"alice":104},"users":{},"spaces":{}},
                  "patterns":{"channels":{"^room-.*$":3},"groups":{},"uuids":{},"users":{},"spaces":{}},
                  "meta":{},"uuid":"alice"}}
                """);
        assertThat(token.issuedSeconds()).isEqualTo(now());
        assertThat(token.ttlMinutes()).isEqualTo(60);
        assertThat(token.resources().channels()).isEqualTo(Map.of("room", 1));
        assertThat(token.resources().uuids()).isEqualTo(Map.of("alice", 104));
        assertThat(token.patterns().channels()).isEqualTo(Map.of("^room-.*$", 3));
        assertThat(token.user()).isEqualTo("alice");
    }

    @Test
    void grant_takesWhatOldAndNewSdksDoDifferently() {
        Token old = opened(
                "{\"ttl\":\"15\",\"permissions\":{\"resources\":{\"channels\":{\"a\":1},\"spaces\":{\"a\":1}}}}");
        assertThat(old.ttlMinutes()).isEqualTo(15);
        assertThat(old.user()).isNull();
        assertThat(old.resources().spaces()).isEqualTo(Map.of("a", 1));
        assertThat(old.patterns()).isEqualTo(Permissions.NONE);
        Token recent = opened(
                "{\"ttl\":1,\"permissions\":{\"patterns\":{\"users\":{\".*\":32},\"datasync:entities\":{\"x\":1}},"
                        + "\"meta\":{\"tenant\":\"acme\",\"n\":7,\"f\":1.5,\"big\":123456789012345678901,\"t\":true,\"z\":null,"
                        + "\"pn-projections\":{\"res\":{\"a\":\"b\"},\"l\":[1]}}}}");
        assertThat(recent.patterns().users()).isEqualTo(Map.of(".*", 32));
        assertThat(recent.meta())
                .containsEntry("tenant", "acme")
                .containsEntry("n", 7L)
                .containsEntry("f", 1.5)
                .containsEntry("t", true)
                .containsEntry("z", null)
                .containsEntry("big", 123456789012345678901.0);
        assertThat(recent.meta().get("pn-projections").toString()).isEqualTo("{res={a=b}, l=[1]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0|
                    43201|
                    -1|
                    1.5|
                    "x"|
                    null|
                    true|
                    99999999999|
                    """)
    void grant_ttlOutOfRange(String ttl) {
        AccessReply reply =
                grantToken("{\"ttl\":" + ttl + ",\"permissions\":{\"resources\":{\"channels\":{\"a\":1}}}}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(text(reply))
                .isEqualTo("{\"error\":{\"message\":\"Invalid ttl\",\"source\":\"grant\",\"details\":[{\"message\":"
                        + "\"Range should be 1 to 43200 minute(s).\",\"location\":\"ttl\",\"locationType\":\"body\"}]},"
                        + "\"service\":\"Access Manager\",\"status\":400}\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"ttl":1}|What are you granting?
                    {"ttl":1,"permissions":[]}|What are you granting?
                    {"ttl":1,"permissions":{"meta":{}}}|What are you granting?
                    {"ttl":1,"permissions":{"resources":{}}}|This grant contains no permissions
                    {"ttl":1,"permissions":{"resources":{"channels":{"a":0}},"patterns":null}}|This grant contains no permissions
                    {"ttl":1,"permissions":{"resources":[]}}|Invalid permissions
                    {"ttl":1,"permissions":{"resources":{"channels":[]}}}|Invalid permissions
                    {"ttl":1,"permissions":{"resources":{"channels":{"a":256}}}}|Invalid permissions
                    {"ttl":1,"permissions":{"resources":{"channels":{"a":-1}}}}|Invalid permissions
                    {"ttl":1,"permissions":{"resources":{"channels":{"a":"1"}}}}|Invalid permissions
                    {"ttl":1,"permissions":{"resources":{"channels":{"":1}}}}|Invalid permissions
                    {"ttl":1,"permissions":{"resources":{"channels":{"a":1}},"uuid":5}}|Invalid permissions
                    {"ttl":1,"permissions":{"resources":{"channels":{"a":1}},"meta":[]}}|Invalid permissions
                    {"ttl":1,"permissions":{"resources":{"channels":{"a":1}},"meta":{"a":{"b":{"c":{"d":{}}}}}}}|Invalid permissions
                    {"ttl":1,"permissions":{"patterns":{"channels":{"(":1}}}}|Invalid RegExp
                    {"ttl":1,"permissions":{"patterns":{"groups":{"((a{100}){100}){100}":1}}}}|Invalid RegExp
                    {"ttl":1,"permissions":{"resources":{"channels":{"a":1,"a":2}}}}|Invalid JSON
                    {"ttl":1} {}|Invalid JSON
                    [[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]|Invalid JSON
                    [1]|Invalid JSON
                    nope|Invalid JSON
                    ''|Invalid JSON
                    """)
    void grant_whatCannotBe(String body, String message) {
        AccessReply reply = grantToken(body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(text(reply))
                .startsWith("{\"error\":{\"message\":\"" + message + "\",\"source\":\"grant\",\"details\":[")
                .endsWith("]},\"service\":\"Access Manager\",\"status\":400}\n");
    }

    @Test
    void grant_tooLargeForARequest() {
        StringBuilder names = new StringBuilder("\"first\":1");
        for (int i = 0; i < 1000; i++) {
            names.append(",\"channel-").append(i).append("\":1");
        }
        AccessReply reply = grantToken("{\"ttl\":1,\"permissions\":{\"resources\":{\"channels\":{" + names + "}}}}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(text(reply)).startsWith("{\"error\":{\"message\":\"Grant too large\"");
    }

    @Test
    void grant_needsTheSecretKey() {
        String body = "{\"ttl\":1,\"permissions\":{\"resources\":{\"channels\":{\"a\":1}}}}";
        SignedRequest signed = signed("POST", "/v3/pam/sub/grant", Map.of(), body);
        SignedRequest other = new SignedRequest(
                "POST",
                signed.rawPath(),
                signed.rawQuery(),
                body.replace('1', '2').getBytes());
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> access.tokenGrants().grant(KEY, other))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SIGNATURE));
        time.advance(Duration.ofSeconds(61));
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> access.tokenGrants().grant(KEY, signed))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TIMESTAMP));
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> access.tokenGrants().revoke(KEY, "x", parts("DELETE", "/v3/pam/sub/grant/x", "")));
    }

    @Test
    void revoke_expiredOrForeignToken() {
        String token = granted("{\"ttl\":1,\"permissions\":{\"resources\":{\"channels\":{\"a\":1}}}}");
        time.advance(Duration.ofMinutes(1));
        AccessReply expired = revoke(token);
        assertThat(expired.status()).isEqualTo(400);
        assertThat(text(expired))
                .isEqualTo("{\"error\":{\"message\":\"Invalid token\",\"source\":\"revoke\",\"details\":[{\"message\":"
                        + "\"Token is expired.\",\"location\":\"token\",\"locationType\":\"path\"}]},"
                        + "\"service\":\"Access Manager\",\"status\":400}\n");
        assertThat(revoke("p0F2AkF0x").status()).isEqualTo(400);
        assertThat(store.size()).isZero();
    }

    @Test
    void grantAndRevoke_accessManagerIsOff() {
        String text =
                "{\"error\":{\"message\":\"Access Manager is not enabled for this subscribe key\",\"source\":\"%s\","
                        + "\"details\":[]},\"service\":\"Access Manager\",\"status\":400}\n";
        SignedRequest none = parts("POST", "/v3/pam/sub-off/grant", "{}");
        assertThat(text(access.tokenGrants().grant(OFF, none))).isEqualTo(text.formatted("grant"));
        assertThat(text(access.tokenGrants()
                        .revoke(OFF, "x", none)
                        .toCompletableFuture()
                        .join()))
                .isEqualTo(text.formatted("revoke"));
    }
}
