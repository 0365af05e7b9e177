package dev.rollcall.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.GrantKey.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AccessControlTest extends AccessFixture {
    /** The rights that let an operation pass; no others do. */
    private static final Map<Operation, Right> NEEDED = new EnumMap<>(Map.of(
            Operation.SUBSCRIBE, Right.READ,
            Operation.HEARTBEAT, Right.READ,
            Operation.HERE_NOW, Right.READ,
            Operation.GET_STATE, Right.READ,
            Operation.SET_STATE, Right.READ,
            Operation.PUBLISH, Right.WRITE,
            Operation.SIGNAL, Right.WRITE,
            Operation.LIST_GROUPS, Right.MANAGE,
            Operation.CHANGE_GROUP, Right.MANAGE));

    private static final Set<Operation> FREE =
            EnumSet.of(Operation.LEAVE, Operation.WHERE_NOW, Operation.TIME, Operation.UNKNOWN);

    private void assertRefused(@Nullable Refusal refusal, String body) {
        assertThat(refusal).isNotNull();
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(new String(refusal.body(), StandardCharsets.UTF_8)).isEqualTo(body + "\n");
    }

    private static String forbidden(String payload) {
        return "{\"message\":\"Forbidden\",\"payload\":{" + payload
                + "},\"error\":true,\"service\":\"Access Manager\",\"status\":403}";
    }

    private void grant(Kind kind, String name, String auth, Right... rights) {
        int mask = 0;
        for (Right right : rights) {
            mask |= right.bit();
        }
        store.put(new KeyGrant(new GrantKey(KEY, kind, name, auth), mask, now() + 60));
    }

    static Stream<Arguments> operationsAndRights() {
        return NEEDED.keySet().stream()
                .flatMap(operation -> Stream.of(Right.values()).map(right -> Arguments.of(operation, right)));
    }

    @ParameterizedTest
    @MethodSource("operationsAndRights")
    void check_everyOperationOnEveryKindOfResourceNeedsItsRight(Operation operation, Right right) {
        boolean expected = NEEDED.get(operation) == right;
        String mask = String.valueOf(right.bit());
        String byName = token("{\"resources\":{\"channels\":{\"a\":" + mask + "},\"groups\":{\"g\":" + mask + "}}}");
        String byPattern =
                token("{\"patterns\":{\"channels\":{\"^a$\":" + mask + "},\"groups\":{\"^g$\":" + mask + "}}}");
        String bySpace = token("{\"resources\":{\"spaces\":{\"a\":" + mask + "},\"groups\":{\"g\":" + mask + "}}}");
        for (String token : List.of(byName, byPattern, bySpace)) {
            for (String name : List.of("a", "a-pnpres")) {
                assertThat(check(operation, channels(name), List.of(), "u", token) == null)
                        .isEqualTo(expected);
            }
            for (String name : List.of("g", "g-pnpres")) {
                assertThat(check(operation, List.of(), groups(name), "u", token) == null)
                        .isEqualTo(expected);
            }
            // A name is of its kind: no right on the group of a channel's name, nor on a neighbour.
            assertThat(check(operation, channels("g"), List.of(), "u", token)).isNotNull();
            assertThat(check(operation, List.of(), groups("a"), "u", token)).isNotNull();
            assertThat(check(operation, channels("ab"), List.of(), "u", token)).isNotNull();
        }
        grant(Kind.CHANNEL, "k", "key", right);
        grant(Kind.GROUP, "k", "key", right);
        assertThat(check(operation, channels("k"), groups("k"), "u", "key") == null)
                .isEqualTo(expected);
        assertThat(check(operation, channels("k"), groups("k"), "u", "other")).isNotNull();
        assertThat(check(operation, channels("k"), groups("k"), "u", null)).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void check_leaveWhereNowAndTimeNeedNothing(Operation operation) {
        boolean free = FREE.contains(operation);
        boolean administration = !free && !NEEDED.containsKey(operation);
        Refusal refusal = check(operation, channels("a"), groups("g"), "u", null);
        assertThat(refusal == null).isEqualTo(free || administration);
        assertThat(check(operation, channels("a"), groups("g"), "u", "p0F2AkF0nonsense") == null)
                .isEqualTo(free || administration);
    }

    @Test
    void check_keysetWithoutAccessManagerIsOpen() {
        var request = new AccessRequest(OFF, Operation.PUBLISH, channels("a"), List.of(), null, null);
        assertThat(access.decide(request).refusal()).isNull();
    }

    @Test
    void check_refusalNamesWhatIsRefusedAndNothingElse() {
        String token = token("{\"resources\":{\"channels\":{\"a\":1,\"b\":2},\"groups\":{\"g\":4,\"h\":1}}}");
        assertRefused(
                check(
                        Operation.SUBSCRIBE,
                        channels("a", "b", "c", "b", "a-pnpres"),
                        groups("g", "h", "h-pnpres"),
                        "u",
                        token),
                forbidden("\"channels\":[\"b\",\"c\"],\"channel-groups\":[\":g\"]"));
        assertRefused(
                check(Operation.SUBSCRIBE, channels("a"), groups("g"), "u", token),
                forbidden("\"channel-groups\":[\":g\"]"));
        assertRefused(
                check(Operation.PUBLISH, channels("\"é"), List.of(), "u", null), forbidden("\"channels\":[\"\\\"é\"]"));
        Refusal refusal = check(Operation.PUBLISH, channels("a"), List.of(), "u", token);
        assertThat(refusal.headers()).containsExactly(Map.entry("X-Pn-Cause", "9999"));
    }

    @Test
    void check_presenceAloneMayBeGranted() {
        String token = token("{\"resources\":{\"channels\":{\"a-pnpres\":1},\"groups\":{\"g-pnpres\":1}}}");
        assertThat(check(Operation.SUBSCRIBE, channels("a-pnpres"), groups("g-pnpres"), "u", token))
                .isNull();
        assertRefused(
                check(Operation.SUBSCRIBE, channels("a", "a-pnpres"), groups("g"), "u", token),
                forbidden("\"channels\":[\"a\"],\"channel-groups\":[\":g\"]"));
    }

    @Test
    void check_wildcardNeedsAGrantThatMeansIt() {
        String one = token("{\"resources\":{\"channels\":{\"a.b\":1}},\"patterns\":{\"channels\":{\"^c\\\\..$\":1}}}");
        String all = token("{\"resources\":{\"channels\":{\"a.*\":1}},\"patterns\":{\"channels\":{\"^c\\\\..*$\":1}}}");
        assertThat(check(Operation.SUBSCRIBE, channels("a.b", "c.d"), List.of(), "u", one))
                .isNull();
        assertRefused(
                check(Operation.SUBSCRIBE, channels("a.*", "c.*", "c.*-pnpres"), List.of(), "u", one),
                forbidden("\"channels\":[\"a.*\",\"c.*\",\"c.*-pnpres\"]"));
        assertThat(check(Operation.SUBSCRIBE, channels("a.*", "a.*-pnpres", "c.*", "c.d.*"), List.of(), "u", all))
                .isNull();
        // In tokens a.* is the wildcard and not the channels below it.
        assertThat(check(Operation.SUBSCRIBE, channels("a.b"), List.of(), "u", all))
                .isNotNull();
    }

    @Test
    void check_everythingAtOnceNeedsARightOnEverything() {
        String some = token("{\"patterns\":{\"channels\":{\"^a.*$\":255},\"groups\":{\"^a.*$\":255}}}");
        String all = token("{\"patterns\":{\"channels\":{\"^.*$\":1},\"groups\":{\".*\":4}}}");
        for (Operation operation : List.of(Operation.HERE_NOW, Operation.LIST_GROUPS, Operation.CHANGE_GROUP)) {
            assertThat(check(operation, List.of(), List.of(), "u", null)).isNotNull();
            assertRefused(
                    check(operation, List.of(), List.of(), "u", some),
                    "{\"message\":\"Forbidden\",\"error\":true,\"service\":\"Access Manager\",\"status\":403}");
            assertThat(check(operation, List.of(), List.of(), "u", all)).isNull();
        }
        grant(Kind.KEYSET, "", "", Right.READ);
        assertThat(check(Operation.HERE_NOW, List.of(), List.of(), "u", null)).isNull();
        assertThat(check(Operation.LIST_GROUPS, List.of(), List.of(), "u", null))
                .isNotNull();
    }

    @Test
    void check_tokenOfOneUserServesNoOther() {
        String token = token("{\"resources\":{\"channels\":{\"a\":1}},\"uuid\":\"alice\"}");
        assertThat(check(Operation.SUBSCRIBE, channels("a"), List.of(), "alice", token))
                .isNull();
        for (String other : new String[] {"bob", "Alice", null}) {
            assertRefused(
                    check(Operation.SUBSCRIBE, channels("a"), List.of(), other, token),
                    forbidden("\"channels\":[\"a\"]"));
        }
    }

    @Test
    void check_tokenExpiresToTheSecond() {
        String token = granted("{\"ttl\":\"1\",\"permissions\":{\"resources\":{\"channels\":{\"a\":1}}}}");
        time.advance(Duration.ofSeconds(60).minusMillis(1));
        assertThat(check(Operation.HERE_NOW, channels("a"), List.of(), "u", token))
                .isNull();
        time.advance(Duration.ofMillis(1));
        String rest = ",\"error\":true,\"service\":\"Access Manager\",\"status\":403}";
        assertRefused(
                check(Operation.HERE_NOW, channels("a"), List.of(), "u", token),
                "{\"message\":\"Token is expired.\"" + rest);
        assertRefused(
                check(Operation.SUBSCRIBE, channels("a"), groups("g"), "u", token),
                "{\"message\":\"Token is expired.\",\"payload\":{\"channels\":[\"a\"],\"channel-groups\":[\":g\"]}"
                        + rest);
    }

    @Test
    void check_tokenIsRevokedAtOnceAndForGood() {
        String token = token("{\"resources\":{\"channels\":{\"a\":3}},\"uuid\":\"u\"}");
        String other = token("{\"resources\":{\"channels\":{\"a\":3}}}");
        assertThat(check(Operation.PUBLISH, channels("a"), List.of(), "u", token))
                .isNull();
        assertThat(text(revoke(token)))
                .isEqualTo("{\"data\":{\"message\":\"Success\"},\"service\":\"Access Manager\",\"status\":200}\n");
        Refusal refusal = check(Operation.PUBLISH, channels("a"), List.of(), "u", token);
        assertRefused(
                refusal,
                "{\"message\":\"Token is revoked\",\"error\":true,\"service\":\"Access Manager\",\"status\":403}");
        assertThat(refusal.headers()).containsExactly(Map.entry("X-Pn-Cause", "4001"));
        assertThat(check(Operation.PUBLISH, channels("a"), List.of(), "u", token.replace("=", "")))
                .isNotNull();
        assertThat(check(Operation.PUBLISH, channels("a"), List.of(), "u", other))
                .isNull();
        assertThat(revoke(token).status()).as("again").isEqualTo(200);
    }

    @Test
    void purge_forgetsRevocationsOfTokensThatExpired() {
        String token = granted("{\"ttl\":1,\"permissions\":{\"resources\":{\"channels\":{\"a\":3}}}}");
        revoke(token);
        grant(Kind.CHANNEL, "a", "", Right.READ);
        store.put(new KeyGrant(new GrantKey(KEY, Kind.CHANNEL, "b", ""), 1, KeyGrant.FOREVER));
        access.purge();
        assertThat(store.size()).isEqualTo(3);
        time.advance(Duration.ofSeconds(60));
        access.purge();
        assertThat(store.size()).isEqualTo(1);
        assertThat(check(Operation.PUBLISH, channels("a"), List.of(), "u", token))
                .isNotNull();
    }

    @Test
    void check_grantsAddUpFromKeysetToChannelToKey() {
        grant(Kind.CHANNEL, "a", "key", Right.WRITE);
        grant(Kind.CHANNEL, "a", "", Right.READ);
        assertThat(check(Operation.PUBLISH, channels("a"), List.of(), "u", "key"))
                .isNull();
        assertThat(check(Operation.SUBSCRIBE, channels("a"), List.of(), "u", "key"))
                .isNull();
        assertThat(check(Operation.SUBSCRIBE, channels("a"), List.of(), "u", null))
                .isNull();
        assertThat(check(Operation.PUBLISH, channels("a"), List.of(), "u", null))
                .isNotNull();
        assertThat(check(Operation.SUBSCRIBE, channels("b"), groups("g"), "u", "key"))
                .isNotNull();
        grant(Kind.KEYSET, "", "", Right.READ);
        assertThat(check(Operation.SUBSCRIBE, channels("b"), groups("g"), "u", "any"))
                .isNull();
        // A narrower grant takes nothing back.
        grant(Kind.CHANNEL, "b", "key", Right.WRITE);
        assertThat(check(Operation.SUBSCRIBE, channels("b"), List.of(), "u", "key"))
                .isNull();
        time.advance(Duration.ofSeconds(60));
        assertThat(check(Operation.SUBSCRIBE, channels("a"), List.of(), "u", "key"))
                .isNotNull();
    }

    @Test
    void check_grantOnAWildcardIsOneOnTheChannelsBelow() {
        grant(Kind.CHANNEL, "a.*", "key", Right.READ);
        grant(Kind.CHANNEL, "*", "key", Right.READ);
        grant(Kind.CHANNEL, "b.c.*", "key", Right.READ);
        assertThat(check(
                        Operation.SUBSCRIBE,
                        channels(
                                "a.b",
                                "a.b.c",
                                "a.*",
                                "a.b.*",
                                "a.b-pnpres",
                                "b.c.*",
                                "*",
                                "b.c.d",
                                "b.c.d.e",
                                "b.c.d.*"),
                        List.of(),
                        "u",
                        "key"))
                .isNull();
        assertRefused(
                check(Operation.SUBSCRIBE, channels("a", "ab", "b.c", "b.d.c", "b.*", ".a"), List.of(), "u", "key"),
                forbidden("\"channels\":[\"a\",\"ab\",\"b.c\",\"b.d.c\",\"b.*\",\".a\"]"));
    }

    @Test
    void check_whatEverybodyMayDoTheHolderOfATokenMayDoToo() {
        grant(Kind.CHANNEL, "open", "", Right.READ);
        String token = token("{\"resources\":{\"channels\":{\"a\":1}}}");
        assertThat(check(Operation.SUBSCRIBE, channels("a", "open"), List.of(), "u", token))
                .isNull();
    }

    @Test
    void check_signedRequestPassesWithoutToken() {
        SignedRequest signed = signed("GET", "/v2/subscribe/sub/a/0", Map.of("uuid", "u"), "");
        assertThat(access.decide(request(signed, null)).refusal()).isNull();
        time.advance(Duration.ofSeconds(61));
        assertRefused(
                access.decide(request(signed, null)).refusal(),
                forbidden("\"channels\":[\"a\"]").replace("Forbidden", "Invalid Timestamp"));
        SignedRequest changed = new SignedRequest(
                "GET",
                "/v2/subscribe/sub/b/0",
                signed(signed.method(), "/x", Map.of(), "").rawQuery(),
                new byte[0]);
        assertRefused(
                access.decide(request(changed, null)).refusal(),
                forbidden("\"channels\":[\"a\"]").replace("Forbidden", "Invalid Signature"));
        String token = token("{\"resources\":{\"channels\":{\"a\":1}}}");
        assertThat(access.decide(request(changed, token)).refusal())
                .as("the token counts")
                .isNull();
    }

    private static AccessRequest request(SignedRequest signed, @Nullable String credential) {
        return new AccessRequest(
                KEY, Operation.SUBSCRIBE, List.of(new Channel("a")), List.of(), new UserId("u"), credential, signed);
    }

    @Test
    void check_forgedTokenIsRefused() {
        AccessKeyset other = AccessKeyset.of(new SubscribeKey("sub"), "pub", "another secret key");
        Token token = new Token(
                now(),
                60,
                new Permissions(Map.of("a", 255), Map.of(), Map.of(), Map.of(), Map.of()),
                Permissions.NONE,
                Map.of(),
                null);
        assertRefused(
                check(Operation.SUBSCRIBE, channels("a"), List.of(), "u", Tokens.seal(other, token)),
                forbidden("\"channels\":[\"a\"]"));
        assertThat(check(Operation.SUBSCRIBE, channels("a"), List.of(), "u", Tokens.seal(keyset, token)))
                .isNull();
    }

    @Test
    void toString_tellsNoSecret() {
        String token = token("{\"resources\":{\"channels\":{\"a\":1}}}");
        assertThat(keyset + " " + keyset.secret() + keyset.tokenKey() + access).doesNotContain(SECRET);
        assertThat(String.valueOf(check(Operation.PUBLISH, channels("a"), List.of(), "u", token)))
                .doesNotContain(token);
    }
}
