package dev.rollcall.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.grant.KeyGrantRequest;
import dev.rollcall.server.access.key.Right;
import dev.rollcall.server.access.signature.RequestSigner;
import dev.rollcall.server.access.signature.SignedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyGrantsTest extends AccessFixture {
    private static final int READ_WRITE = 3;
    private static final String RW = "\"r\":1,\"w\":1,\"m\":0,\"d\":0,\"g\":0,\"u\":0,\"j\":0";
    private static final String NONE = RW.replace('1', '0');
    private static final String END = "},\"service\":\"Access Manager\",\"status\":200}\n";

    private static String begin(String level) {
        return "{\"message\":\"Success\",\"payload\":{\"level\":\"" + level + "\",\"subscribe_key\":\"sub\"";
    }

    private static KeyGrantRequest request(List<String> channels, List<String> groups, List<String> auths) {
        return new KeyGrantRequest(channels, groups, List.of(), auths, READ_WRITE, 1440);
    }

    private String grant(KeyGrantRequest request) {
        return grant(KEY, request);
    }

    private String grant(SubscribeKey key, KeyGrantRequest request) {
        SignedRequest signed = signed("GET", "/v2/auth/grant/sub-key/sub", Map.of(), "");
        return text(access.keyGrants()
                .grant(key, request, signed)
                .toCompletableFuture()
                .join());
    }

    private String audit(KeyGrantRequest request) {
        return text(access.keyGrants().audit(KEY, request, signed("GET", "/v2/auth/audit/sub-key/sub", Map.of(), "")));
    }

    @Test
    void grant_answersByLevel() {
        assertThat(grant(request(List.of(), List.of(), List.of())))
                .isEqualTo(begin("subkey") + ",\"ttl\":1440," + RW + END);
        assertThat(grant(request(List.of("c"), List.of(), List.of())))
                .isEqualTo(begin("channel") + ",\"ttl\":1440,\"channels\":{\"c\":{" + RW + "}}" + END);
        assertThat(grant(request(List.of(), List.of("g"), List.of())))
                .isEqualTo(begin("channel-group") + ",\"ttl\":1440,\"channel-groups\":{\"g\":{" + RW + "}}" + END);
        assertThat(grant(request(List.of("c"), List.of(), List.of("k"))))
                .isEqualTo(begin("user") + ",\"ttl\":1440,\"channel\":\"c\",\"auths\":{\"k\":{" + RW + "}}" + END);
        assertThat(grant(request(List.of("c", "d"), List.of(), List.of("k", "l"))))
                .isEqualTo(begin("user") + ",\"ttl\":1440,\"channels\":{\"c\":{\"auths\":{\"k\":{" + RW + "},\"l\":{"
                        + RW + "}}},\"d\":{\"auths\":{\"k\":{" + RW + "},\"l\":{" + RW + "}}}}" + END);
        assertThat(grant(request(List.of(), List.of("g"), List.of("k"))))
                .isEqualTo(begin("channel-group+auth") + ",\"ttl\":1440,\"channel-groups\":\"g\",\"auths\":{\"k\":{"
                        + RW + "}}" + END);
        assertThat(grant(request(List.of(), List.of("g", "h"), List.of("k"))))
                .isEqualTo(begin("channel-group+auth") + ",\"ttl\":1440,\"channel-groups\":{\"g\":{\"auths\":{\"k\":{"
                        + RW + "}}},\"h\":{\"auths\":{\"k\":{" + RW + "}}}}" + END);
        assertThat(grant(request(List.of("c"), List.of("g"), List.of())))
                .isEqualTo(begin("channel") + ",\"ttl\":1440,\"channels\":{\"c\":{" + RW
                        + "}},\"channel-groups\":{\"g\":{" + RW + "}}" + END);
        assertThat(grant(request(List.of("c", "d"), List.of("g"), List.of("k"))))
                .isEqualTo(begin("user") + ",\"ttl\":1440,\"channels\":{\"c\":{\"auths\":{\"k\":{" + RW
                        + "}}},\"d\":{\"auths\":{\"k\":{" + RW + "}}}},\"channel-groups\":\"g\",\"auths\":{\"k\":{" + RW
                        + "}}" + END);
        assertThat(grant(request(List.of("c"), List.of("g"), List.of("k"))))
                .isEqualTo(begin("user") + ",\"ttl\":1440,\"channel\":\"c\",\"channel-groups\":\"g\",\"auths\":{\"k\":{"
                        + RW + "}}" + END);
        assertThat(grant(new KeyGrantRequest(List.of(), List.of(), List.of("u"), List.of("k"), READ_WRITE, 0)))
                .isEqualTo(begin("uuid") + ",\"ttl\":0,\"uuids\":{\"u\":{\"auths\":{\"k\":{" + RW + "}}}}" + END);
    }

    @Test
    void grant_ofNothingTakesBack() {
        grant(request(List.of("c"), List.of(), List.of("k")));
        assertThat(check(Operation.PUBLISH, channels("c"), List.of(), "u", "k")).isNull();
        assertThat(grant(new KeyGrantRequest(List.of("c"), List.of(), List.of(), List.of("k"), 0, 1440)))
                .isEqualTo(begin("user") + ",\"ttl\":1,\"channel\":\"c\",\"auths\":{\"k\":{" + NONE + "}}" + END);
        assertThat(check(Operation.PUBLISH, channels("c"), List.of(), "u", "k")).isNotNull();
        assertThat(store.size()).isZero();
    }

    @Test
    void grant_lastsForItsMinutesOrForEver() {
        grant(new KeyGrantRequest(List.of("c"), List.of(), List.of(), List.of(), READ_WRITE, 1));
        grant(new KeyGrantRequest(List.of("d"), List.of(), List.of(), List.of(), READ_WRITE, 0));
        time.advance(Duration.ofSeconds(59));
        assertThat(check(Operation.PUBLISH, channels("c"), List.of(), "u", null))
                .isNull();
        time.advance(Duration.ofSeconds(1));
        assertThat(check(Operation.PUBLISH, channels("c"), List.of(), "u", null))
                .isNotNull();
        time.advance(Duration.ofDays(4000));
        assertThat(check(Operation.PUBLISH, channels("d"), List.of(), "u", null))
                .isNull();
    }

    @Test
    void grant_authKeysAloneAreRefused() {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> grant(request(List.of(), List.of(), List.of("k"))))
                .withMessage("Auth-only grants are reserved for future use")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_GRANT));
    }

    @Test
    void grant_needsTheSecretKey() {
        String target =
                new RequestSigner("pub", "wrong").sign("GET", "/v2/auth/grant/sub-key/sub", Map.of(), "", now());
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> access.keyGrants()
                        .grant(KEY, request(List.of(), List.of(), List.of()), parts("GET", target, "")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SIGNATURE));
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> access.keyGrants()
                        .audit(KEY, request(List.of(), List.of(), List.of()), parts("GET", "/v2/auth/audit", "")))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TIMESTAMP));
        assertThat(store.size()).isZero();
    }

    @Test
    void grant_warnsWhereTheAccessManagerIsOff() {
        assertThat(grant(OFF, request(List.of("c"), List.of(), List.of())))
                .startsWith("{\"warning\":true,\"message\":\"WARNING: Access manager is not enabled")
                .endsWith(",\"channels\":{\"c\":{" + RW + "}}" + END);
        assertThat(store.size()).isZero();
    }

    @Test
    void audit_tellsWhatIsLeft() {
        grant(request(List.of("c"), List.of(), List.of()));
        grant(new KeyGrantRequest(List.of("c"), List.of(), List.of(), List.of("k"), 1, 0));
        grant(request(List.of(), List.of("g"), List.of("k")));
        time.advance(Duration.ofMinutes(40));
        String left = RW + ",\"ttl\":1400";
        String read = RW.replace("\"w\":1", "\"w\":0");
        assertThat(audit(request(List.of("c"), List.of(), List.of())))
                .isEqualTo(begin("channel") + ",\"channels\":{\"c\":{" + left + ",\"auths\":{\"k\":{" + read + "}}}}"
                        + END);
        assertThat(audit(request(List.of("c"), List.of(), List.of("k"))))
                .isEqualTo(begin("user") + ",\"channel\":\"c\",\"auths\":{\"k\":{" + read + "}}" + END);
        assertThat(audit(request(List.of(), List.of("g"), List.of("k"))))
                .isEqualTo(begin("channel-group+auth") + ",\"channel-group\":\"g\",\"auths\":{\"k\":{" + left + "}}"
                        + END);
        assertThat(audit(request(List.of(), List.of(), List.of())))
                .isEqualTo(begin("subkey") + ",\"channels\":{\"c\":{" + left + ",\"auths\":{\"k\":{" + read
                        + "}}}},\"objects\":{},\"channel-groups\":{\"g\":{\"auths\":{\"k\":{" + left + "}}}}" + END);
        time.advance(Duration.ofMinutes(1400));
        assertThat(audit(request(List.of("c"), List.of(), List.of())))
                .isEqualTo(begin("channel") + ",\"channels\":{\"c\":{\"auths\":{\"k\":{" + read + "}}}}" + END);
        assertThat(audit(request(List.of(), List.of("g"), List.of())))
                .isEqualTo(begin("channel-group") + ",\"channel-groups\":{}" + END);
    }

    @Test
    void request_isBounded() {
        List<String> many = IntStream.range(0, 101).mapToObj(String::valueOf).toList();
        assertThatIllegalArgumentException().isThrownBy(() -> request(many, List.of(), many));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyGrantRequest(List.of(), List.of(), List.of(), List.of(), 1, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyGrantRequest(List.of(), List.of(), List.of(), List.of(), 1, 525_601));
        assertThat(KeyGrantRequest.maskOf("rw"::contains)).isEqualTo(READ_WRITE);
        assertThat(KeyGrantRequest.maskOf(letter -> true)).isEqualTo(255 - Right.CREATE.bit());
    }
}
