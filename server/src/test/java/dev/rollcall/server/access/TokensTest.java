package dev.rollcall.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.protocol.SubscribeKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokensTest extends AccessFixture {
    private static final int MUTATIONS = 100_000;

    private final Tokens tokens = new Tokens();

    /** The token whose contents were recorded from the hosted service. */
    private static Token recorded(@Nullable String user) {
        var chan = Map.of("test-channel", 1);
        return new Token(
                1_747_918_912,
                60,
                new Permissions(chan, Map.of(), chan, Map.of(), Map.of()),
                Permissions.NONE,
                Map.of(),
                user);
    }

    private static Token rich() {
        var meta = new LinkedHashMap<String, @Nullable Object>();
        meta.put("tenant", "acme");
        meta.put("level", 3L);
        meta.put("ratio", 0.5);
        meta.put("nothing", null);
        meta.put("inner", Map.of("list", List.of(true, 1L)));
        return new Token(
                1_800_000_000,
                Token.MAX_TTL_MINUTES,
                new Permissions(
                        Map.of("room", 255, "ö", 0), Map.of("g", 4), Map.of("s", 2), Map.of("u", 32), Map.of("v", 64)),
                new Permissions(Map.of("^room-.*$", 3), Map.of("^g", 1), Map.of(), Map.of(), Map.of(".*", 8)),
                meta,
                "alice");
    }

    @Test
    void seal_beginsAsSdksKnowIt() {
        assertThat(Tokens.seal(keyset, recorded(null))).startsWith("p0F2AkF0Gm");
        assertThat(Tokens.seal(keyset, recorded("specific-uuid"))).startsWith("qEF2AkF0Gm");
        assertThat(Tokens.seal(keyset, recorded("x"))).endsWith("==");
        assertThat(Tokens.seal(keyset, recorded("xy"))).endsWith("=").doesNotEndWith("==");
    }

    @Test
    void seal_isByteForByteTheRecordedLayout() {
        byte[] token = Base64.getUrlDecoder().decode(Tokens.seal(keyset, recorded("specific-uuid")));
        String chan = "446368616e" + "a1" + "6c746573742d6368616e6e656c" + "01";
        String grp = "43677270a0";
        String spc = "43737063" + "a1" + "6c746573742d6368616e6e656c" + "01";
        String usr = "43757372a0";
        String uuid = "4475756964a0";
        String none = "446368616ea0" + grp + "43737063a0" + usr + uuid;
        assertThat(HexFormat.of().formatHex(token))
                .startsWith("a8" + "417602" + "4174" + "1a682f2040" + "4374746c183c" + "43726573a5" + chan + grp + spc
                        + usr
                        + uuid + "43706174a5" + none + "446d657461a0" + "4475756964" + "6d73706563696669632d75756964"
                        + "43736967" + "5820")
                .hasSize(2 * (token.length));
    }

    @Test
    void open_saysWhatWasSealed() {
        for (Token token : new Token[] {recorded(null), recorded("x"), rich()}) {
            VerifiedToken opened = tokens.open(keyset, Tokens.seal(keyset, token));
            assertThat(opened).isNotNull();
            assertThat(opened.token()).isEqualTo(token);
        }
    }

    @Test
    void open_withoutPaddingIsTheSameToken() {
        String sealed = Tokens.seal(keyset, recorded("x"));
        VerifiedToken bare = tokens.open(keyset, sealed.replace("=", ""));
        assertThat(bare).isNotNull();
        assertThat(bare.id()).isEqualTo(tokens.open(keyset, sealed).id());
    }

    @Test
    void seal_equalGrantsAreTwoTokens() {
        VerifiedToken one = tokens.open(keyset, Tokens.seal(keyset, rich()));
        VerifiedToken other = tokens.open(keyset, Tokens.seal(keyset, rich()));
        assertThat(one.token()).isEqualTo(other.token());
        assertThat(one.id()).isNotEqualTo(other.id());
    }

    @Test
    void open_remembersUntilTheSecretKeyChanges() {
        String sealed = Tokens.seal(keyset, recorded(null));
        assertThat(tokens.open(keyset, sealed)).isSameAs(tokens.open(keyset, sealed));
        AccessKeyset changed = AccessKeyset.of(KEY, "pub", SECRET + "x");
        assertThat(tokens.open(changed, sealed)).isNull();
        assertThat(tokens.open(AccessKeyset.of(KEY, "pub", SECRET), sealed)).isNotNull();
    }

    @Test
    void open_isWorthNothingInAnotherKeysetOfTheSameSecretKey() {
        AccessKeyset other = AccessKeyset.of(new SubscribeKey("other"), "pub", SECRET);
        assertThat(tokens.open(other, Tokens.seal(keyset, recorded(null)))).isNull();
    }

    @Test
    void open_refusesEveryFlippedBit() {
        for (Token token : new Token[] {recorded(null), rich()}) {
            byte[] whole = Base64.getUrlDecoder().decode(Tokens.seal(keyset, token));
            for (int bit = 0; bit < whole.length * 8; bit++) {
                byte[] changed = whole.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(tokens.open(keyset, Base64.getUrlEncoder().encodeToString(changed)))
                        .as("bit %d", bit)
                        .isNull();
            }
        }
    }

    @Test
    void open_refusesEveryFlippedBitOfTheText() {
        String sealed = Tokens.seal(keyset, recorded("x"));
        assertThat(sealed).as("has bits behind its last byte").endsWith("==");
        byte[] text = sealed.getBytes(StandardCharsets.US_ASCII);
        for (int bit = 0; bit < text.length * 8; bit++) {
            byte[] changed = text.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(tokens.open(keyset, new String(changed, StandardCharsets.ISO_8859_1)))
                    .as("bit %d", bit)
                    .isNull();
        }
    }

    @Test
    void open_refusesEveryLengthAndEveryCut() {
        String sealed = Tokens.seal(keyset, rich());
        for (int length = 0; length < sealed.replace("=", "").length(); length++) {
            assertThat(tokens.open(keyset, sealed.substring(0, length))).isNull();
        }
        assertThat(tokens.open(keyset, sealed + "=")).isNull();
        assertThat(tokens.open(keyset, sealed + "AAAA")).isNull();
        assertThat(tokens.open(keyset, sealed.replace('_', '/').replace('-', '+') + " "))
                .isNull();
        assertThat(tokens.open(keyset, "p0F2AkF0" + "A".repeat(Tokens.MAX_LENGTH)))
                .isNull();
    }

    /** Bytes signed with the right key, as if it had been stolen: the reader still takes tokens only, and ends. */
    @Test
    void decode_mutatedTokensAreTokensOrRefused() {
        SplittableRandom random = new SplittableRandom(20_261_124);
        byte[][] seeds = {
            TokenCodec.withSignature(TokenCodec.encode(recorded(null)), new byte[32]),
            TokenCodec.withSignature(TokenCodec.encode(rich()), new byte[32])
        };
        int read = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] mutated = mutate(seeds[i % seeds.length], random);
            try {
                assertThat(TokenCodec.decode(mutated).ttlMinutes()).isPositive();
                read++;
            } catch (MalformedTokenException refused) {
                assertThat(refused).hasMessage(refused.getMessage());
            }
        }
        assertThat(read)
                .as("some mutations stay tokens, so the mutations are not too coarse")
                .isPositive();
    }

    @Test
    void open_mutatedTokensAreRefused() {
        SplittableRandom random = new SplittableRandom(7);
        byte[] seed = Base64.getUrlDecoder().decode(Tokens.seal(keyset, rich()));
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = mutate(seed, random);
            if (!Arrays.equals(seed, mutated)) {
                assertThat(tokens.open(keyset, Base64.getUrlEncoder().encodeToString(mutated)))
                        .isNull();
            }
        }
    }

    private static byte[] mutate(byte[] seed, SplittableRandom random) {
        byte[] bytes = seed.clone();
        for (int edits = random.nextInt(1, 5); edits > 0; edits--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, random.nextInt(bytes.length + 1)));
                default -> {
                    byte[] longer = new byte[bytes.length + 1];
                    System.arraycopy(bytes, 0, longer, 0, at);
                    longer[at] = (byte) random.nextInt(256);
                    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }

    @Test
    void cache_isBoundedAndAFloodOfOthersPassesByWhatIsUsed() {
        TokenCache cache = new TokenCache(16 * 1000);
        VerifiedToken token = tokens.open(keyset, Tokens.seal(keyset, recorded(null)));
        String used = "used" + "x".repeat(90);
        cache.put(used, token);
        for (int i = 0; i < 10_000; i++) {
            cache.put("token " + i + "x".repeat(90), token);
            assertThat(cache.get(used)).as("after %d others", i).isSameAs(token);
        }
        assertThat(cache.size()).isBetween(100L, 170L);
    }
}
