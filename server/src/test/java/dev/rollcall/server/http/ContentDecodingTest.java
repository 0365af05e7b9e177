package dev.rollcall.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDecodingTest {
    private static final int LIMIT = 1000;
    private static final String TEXT = "{\"text\":\"hällo\"}";

    private enum Format {
        GZIP,
        ZLIB,
        RAW;

        byte[] compress(byte[] plain) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = stream(bytes)) {
                out.write(plain);
            }
            return bytes.toByteArray();
        }

        private OutputStream stream(OutputStream out) throws IOException {
            return switch (this) {
                case GZIP -> new GZIPOutputStream(out);
                case ZLIB -> new DeflaterOutputStream(out);
                case RAW -> new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, true));
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GZIP, gzip",
        "GZIP, deflate",
        "GZIP, x-gzip",
        "ZLIB, gzip",
        "ZLIB, deflate",
        "RAW, gzip",
        "RAW, ' DEFLATE '"
    })
    void decode_goesByContent(Format format, String encoding) throws Exception {
        byte[] decoded = ContentDecoding.decode(format.compress(TEXT.getBytes(UTF_8)), encoding, LIMIT);

        assertThat(new String(decoded, UTF_8)).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "identity", "Identity"})
    void decode_identityIsTheBody(String encoding) throws Exception {
        byte[] body = {1, 2, 3};
        assertThat(ContentDecoding.decode(body, encoding, LIMIT)).isSameAs(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "compress"})
    void decode_unknownIs415(String encoding) {
        assertThat(statusOf(new byte[] {1}, encoding)).isEqualTo(415);
    }

    @Test
    void decode_upToLimit() throws Exception {
        for (Format format : Format.values()) {
            assertThat(ContentDecoding.decode(format.compress(new byte[LIMIT]), "gzip", LIMIT))
                    .hasSize(LIMIT);
            assertThat(statusOf(format.compress(new byte[LIMIT + 1]), "gzip")).isEqualTo(413);
        }
    }

    @Test
    void decode_cutOrWrongIs400() throws Exception {
        byte[] noise = new byte[100];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) (i * 31 + 7);
        }
        assertThat(statusOf(noise, "gzip")).isEqualTo(400);
        for (Format format : Format.values()) {
            byte[] whole = format.compress(TEXT.getBytes(UTF_8));
            byte[] cut = new byte[whole.length - 5];
            System.arraycopy(whole, 0, cut, 0, cut.length);
            assertThat(statusOf(cut, "gzip")).as(format.name()).isEqualTo(400);
        }
    }

    private static byte[] repeated(byte[] part, int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(part.length * count);
        for (int i = 0; i < count; i++) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void decode_joinsMembers() throws Exception {
        byte[] three = repeated(Format.GZIP.compress("abc".getBytes(UTF_8)), 3);
        assertThat(new String(ContentDecoding.decode(three, "gzip", LIMIT), UTF_8))
                .isEqualTo("abcabcabc");
    }

    @Test
    void decode_tooManyMembersAre400HoweverMany() throws Exception {
        byte[] empty = Format.GZIP.compress(new byte[0]);
        assertThat(ContentDecoding.decode(repeated(empty, ContentDecoding.MAX_MEMBERS), "gzip", LIMIT))
                .isEmpty();
        assertThat(statusOf(repeated(empty, ContentDecoding.MAX_MEMBERS + 1), "gzip"))
                .isEqualTo(400);
        assertThat(statusOf(repeated(empty, 100_000), "gzip")).isEqualTo(400);
    }

    @Test
    void decode_bombIs413BeforeTheLimit() throws Exception {
        int limit = 2 * 1024 * 1024;
        for (Format format : Format.values()) {
            assertThat(statusOf(format.compress(new byte[limit - 1]), "gzip", limit))
                    .isEqualTo(413);
            // short bodies may become so long in any case
            assertThat(ContentDecoding.decode(format.compress(new byte[ContentDecoding.FREE_BYTES]), "gzip", limit))
                    .hasSize(ContentDecoding.FREE_BYTES);
        }
    }

    @Test
    void decode_skipsWhatAHeaderMayHold() throws Exception {
        byte[] plain = Format.GZIP.compress("abc".getBytes(UTF_8));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(plain, 0, 3);
        // extra field of 2 bytes, name, comment and checksum of the header
        all.write(2 | 4 | 8 | 16);
        all.write(plain, 4, 6);
        all.writeBytes(new byte[] {2, 0, 7, 7, 'n', 0, 'c', 'c', 0, 1, 2});
        all.write(plain, 10, plain.length - 10);
        byte[] whole = all.toByteArray();
        assertThat(new String(ContentDecoding.decode(whole, "gzip", LIMIT), UTF_8))
                .isEqualTo("abc");
        for (int length = 2; length < whole.length; length++) {
            assertThat(statusOf(Arrays.copyOf(whole, length), "gzip"))
                    .as("cut to %d", length)
                    .isEqualTo(400);
        }
    }

    @Test
    void decode_wrongTrailerOrTailIs400() throws Exception {
        byte[] plain = Format.GZIP.compress("abc".getBytes(UTF_8));
        for (int i = 1; i <= 8; i++) {
            byte[] changed = plain.clone();
            changed[plain.length - i] ^= 1;
            assertThat(statusOf(changed, "gzip")).isEqualTo(400);
        }
        assertThat(statusOf(Arrays.copyOf(plain, plain.length + 1), "gzip")).isEqualTo(400);
    }

    private static int statusOf(byte[] body, String encoding) {
        return statusOf(body, encoding, LIMIT);
    }

    private static int statusOf(byte[] body, String encoding, int limit) {
        return catchThrowableOfType(Refusal.class, () -> ContentDecoding.decode(body, encoding, limit))
                .status();
    }
}
