package dev.rollcall.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.access.Signatures.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
    private static final long THEN = 1_317_427_200;
    private static final String PNSDK = "PubNub-JS-Nodejs%2FsuchJavascript";

    private final AccessKeyset keyset =
            AccessKeyset.ofAny(new SubscribeKey("mySubscribeKey"), "myPublishKey", "mySecretKey");
    private final RequestSigner signer = new RequestSigner("myPublishKey", "mySecretKey");

    private Verdict check(String method, String target, String body, long now) {
        return Signatures.check(keyset, AccessFixture.parts(method, target, body), now);
    }

    private Verdict check(String method, String target, String body) {
        return check(method, target, body, THEN);
    }

    /** Signatures of PubNub's JavaScript SDK for known requests. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    audit|channel=ch1|I7AFqanrAAtwVfvLHyKECTWw7UcZmwbRnwENpXdGB9E
                    audit|channel-group=cg1|2hdDeYpF_Hoo4XLK2CMlZApcLin5lJxh6vsKMQnTet8
                    audit|auth=key1,key2|lVKZELiJFleDoPqMkSgojCUsX39AZqop7bKVyHv-T_s
                    grant|channel=ch1,ch2&auth=key1,key2&r=0&w=0&m=0&d=0&g=0&j=0&u=0|LEJCwKOBTApWy5jcdXPmtN1_N2aaJx0ZN3krPY6oLu8
                    grant|channel-group=cg1,cg2&auth=key1,key2&r=1&w=1&m=0&d=0&g=0&j=0&u=0|ju-0ZJpcAk_Qm1vXe5FVsj6pkamMNkd6oatZAW_bLQ0
                    grant|channel-group=cg1,cg2&auth=key1,key2&r=1&w=1&m=0&d=0&ttl=1337&g=0&j=0&u=0|zneRpaqzdxJPegBrJHWMzj-mD8QVBxqh8Zl15N7n2d4
                    grant|target-uuid=uuid-1,uuid-2&auth=key1,key2&r=0&w=0&m=0&d=1&g=1&j=0&u=1|v2PTWPil0EaEYHemsVjZFKXeW4n26ZaEND9bfQYoi8M
                    grant|target-uuid=uuid-1,uuid-2&auth=key1,key2&r=0&w=0&m=0&d=1&ttl=1337&g=1&j=0&u=1|rTsZBrWV9IsI7XI6-UpWdO4b3DcrvIF_rcqzw48i_2I
                    """)
    void check_knownSignatures(String call, String parameters, String signature) {
        String target = "/v2/auth/" + call + "/sub-key/mySubscribeKey?" + parameters + "&uuid=myUUID&pnsdk=" + PNSDK
                + "&timestamp=" + THEN + "&signature=v2." + signature;
        assertThat(check("GET", target, "")).isEqualTo(Verdict.VALID);
        assertThat(check("GET", target.replace(",", "%2c"), "")).isEqualTo(Verdict.VALID);
        assertThat(check("GET", target + "=", "")).as("padded").isEqualTo(Verdict.VALID);
        assertThat(check("POST", target, "")).isEqualTo(Verdict.INVALID_SIGNATURE);
        assertThat(check("GET", target, "x")).isEqualTo(Verdict.INVALID_SIGNATURE);
        assertThat(check("GET", target.replace("myUUID", "other"), "")).isEqualTo(Verdict.INVALID_SIGNATURE);
        assertThat(check("GET", target + "&r=1", "")).isEqualTo(Verdict.INVALID_SIGNATURE);
    }

    @Test
    void check_coversTheBody() {
        String target =
                signer.sign("POST", "/v3/pam/mySubscribeKey/grant", Map.of("uuid", "é*~ /,+"), "{\"ttl\":1}", THEN);
        assertThat(check("POST", target, "{\"ttl\":1}")).isEqualTo(Verdict.VALID);
        assertThat(check("POST", target, "{\"ttl\":2}")).isEqualTo(Verdict.INVALID_SIGNATURE);
    }

    @Test
    void check_clockMayBeAMinuteOff() {
        String target = signer.sign("GET", "/x", Map.of(), "", THEN);
        assertThat(check("GET", target, "", THEN + 60)).isEqualTo(Verdict.VALID);
        assertThat(check("GET", target, "", THEN - 60)).isEqualTo(Verdict.VALID);
        assertThat(check("GET", target, "", THEN + 61)).isEqualTo(Verdict.INVALID_TIMESTAMP);
        assertThat(check("GET", target, "", THEN - 61)).isEqualTo(Verdict.INVALID_TIMESTAMP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?timestamp=",
                "?timestamp=x",
                "?timestamp=-1",
                "?timestamp=9999999999999999999",
                "?timestamp=1.3"
            })
    void check_unreadableTimestamp(String query) {
        assertThat(check("GET", "/x" + query, "")).isEqualTo(Verdict.INVALID_TIMESTAMP);
    }

    @Test
    void check_missingOrForeignSignature() {
        assertThat(check("GET", "/x?timestamp=" + THEN, "")).isEqualTo(Verdict.INVALID_SIGNATURE);
        assertThat(check("GET", "/x?timestamp=" + THEN + "&signature=", "")).isEqualTo(Verdict.INVALID_SIGNATURE);
        String other = new RequestSigner("myPublishKey", "otherSecret").sign("GET", "/x", Map.of(), "", THEN);
        assertThat(check("GET", other, "")).isEqualTo(Verdict.INVALID_SIGNATURE);
        String otherPublisher = new RequestSigner("other", "mySecretKey").sign("GET", "/x", Map.of(), "", THEN);
        assertThat(check("GET", otherPublisher, "")).isEqualTo(Verdict.INVALID_SIGNATURE);
    }

    @Test
    void check_publishByPostInTheOlderForm() {
        String path = "/publish/myPublishKey/mySubscribeKey/0/room/0";
        String query = "seqn=1&timestamp=" + THEN + "&uuid=a";
        String code = signer.code("mySubscribeKey\nmyPublishKey\n" + path + '\n' + query);
        assertThat(check("POST", path + '?' + query + "&signature=" + code, "\"hi\""))
                .isEqualTo(Verdict.VALID);
        assertThat(check("GET", path + '?' + query + "&signature=" + code, "")).isEqualTo(Verdict.INVALID_SIGNATURE);
        String elsewhere = path.replace("/publish", "/signal");
        String signalCode = signer.code("mySubscribeKey\nmyPublishKey\n" + elsewhere + '\n' + query);
        assertThat(check("POST", elsewhere + '?' + query + "&signature=" + signalCode, "\"hi\""))
                .isEqualTo(Verdict.INVALID_SIGNATURE);
    }

    @Test
    void check_publishByPostAsJavaScriptSignsIt() {
        String target =
                signer.sign("GET", "/publish/myPublishKey/mySubscribeKey/0/room/0", Map.of("uuid", "a"), "", THEN);
        assertThat(check("POST", target, "\"hi\"")).isEqualTo(Verdict.VALID);
    }

    @Test
    void check_pythonEncodesSomeValuesTwice() {
        String path = "/v2/auth/grant/sub-key/mySubscribeKey";
        String signedQuery = "channel-group=a%252Cb&timestamp=" + THEN + "&uuid=x%20y";
        String code = signer.code("GET\nmyPublishKey\n" + path + '\n' + signedQuery + '\n')
                .replace("=", "");
        String sent = path + "?channel-group=a%2Cb&uuid=x%20y&timestamp=" + THEN + "&signature=v2." + code;
        assertThat(check("GET", sent, "")).isEqualTo(Verdict.VALID);
    }

    /** Values are signed in sorted order and have to come in it: whoever serves the request takes the first. */
    @Test
    void check_severalValuesOfOneParameterStandForOneRequest() {
        String query = "channel=a&channel=b&timestamp=" + THEN;
        String signature = "&signature=v2."
                + signer.code("GET\nmyPublishKey\n/x\n" + query + '\n').replace("=", "");
        assertThat(check("GET", "/x?channel=a&timestamp=" + THEN + "&channel=b" + signature, ""))
                .isEqualTo(Verdict.VALID);
        assertThat(check("GET", "/x?channel=b&timestamp=" + THEN + "&channel=a" + signature, ""))
                .isEqualTo(Verdict.INVALID_SIGNATURE);
        String twin = "%63hannel=a&channel=b&timestamp=" + THEN;
        String signed = twin + "&signature=v2."
                + signer.code("GET\nmyPublishKey\n/x\n" + twin + '\n').replace("=", "");
        assertThat(check("GET", "/x?" + signed, ""))
                .as("a name has one spelling")
                .isEqualTo(Verdict.INVALID_SIGNATURE);
    }

    @Test
    void check_theSignatureOfAGetThatPublishesServesNoPost() {
        String path = "/publish/myPublishKey/mySubscribeKey/0/room/0";
        for (String payload : new String[] {"/%22hi%22", "/1", "/"}) {
            String target = signer.sign("GET", path + payload, Map.of("uuid", "a"), "", THEN);
            assertThat(check("GET", target, "")).isEqualTo(Verdict.VALID);
            assertThat(check("POST", target, "")).as(payload).isEqualTo(Verdict.INVALID_SIGNATURE);
            assertThat(check("POST", target, "\"other\"")).as(payload).isEqualTo(Verdict.INVALID_SIGNATURE);
            String query = "timestamp=" + THEN;
            String older = signer.code("mySubscribeKey\nmyPublishKey\n" + path + payload + '\n' + query);
            assertThat(check("POST", path + payload + '?' + query + "&signature=" + older, "\"other\""))
                    .as(payload)
                    .isEqualTo(Verdict.INVALID_SIGNATURE);
        }
    }

    /** Method and body are covered wherever no SDK needs otherwise. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/subscribe/mySubscribeKey/room/0",
                "/v1/channel-registration/sub-key/mySubscribeKey/channel-group/g",
                "/v2/presence/sub-key/mySubscribeKey/channel/room/uuid/u/data",
                "/signal/myPublishKey/mySubscribeKey/0/room/0/1",
                "/v2/publish/myPublishKey/mySubscribeKey/0/room/0",
                "/v3/pam/mySubscribeKey/grant",
                "/v2/auth/grant/sub-key/mySubscribeKey"
            })
    void check_coversMethodAndBodyEverywhereElse(String path) {
        for (String method : new String[] {"GET", "POST", "DELETE"}) {
            String target = signer.sign(method, path, Map.of("uuid", "a"), "body", THEN);
            assertThat(check(method, target, "body")).isEqualTo(Verdict.VALID);
            assertThat(check(method, target, "other")).isEqualTo(Verdict.INVALID_SIGNATURE);
            assertThat(check(method, target, "")).isEqualTo(Verdict.INVALID_SIGNATURE);
            for (String other : new String[] {"GET", "POST", "DELETE", "PATCH"}) {
                if (!other.equals(method)) {
                    assertThat(check(other, target, "body"))
                            .as("%s as %s", method, other)
                            .isEqualTo(Verdict.INVALID_SIGNATURE);
                }
            }
        }
    }

    @Test
    void check_pythonEncodesAuthTwiceInPublishOnly() {
        for (String path :
                new String[] {"/publish/myPublishKey/mySubscribeKey/0/room/0/1", "/v2/auth/audit/sub-key/x"}) {
            String code = signer.code("GET\nmyPublishKey\n" + path + "\nauth=a%252Cb&timestamp=" + THEN + '\n')
                    .replace("=", "");
            assertThat(check("GET", path + "?auth=a%2Cb&timestamp=" + THEN + "&signature=v2." + code, ""))
                    .isEqualTo(path.startsWith("/publish/") ? Verdict.VALID : Verdict.INVALID_SIGNATURE);
        }
    }

    @Test
    void check_pathBytesAreTakenAsTheyCame() {
        String path = "/v2/x/caf" + new String("é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String query = "timestamp=" + THEN;
        String code =
                signer.code("GET\nmyPublishKey\n/v2/x/café\n" + query + '\n').replace("=", "");
        assertThat(check("GET", path + '?' + query + "&signature=v2." + code, ""))
                .isEqualTo(Verdict.VALID);
    }
}
