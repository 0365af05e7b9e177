package dev.rollcall.client.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestSignerTest {
    @Test
    void sign_matchesTheKnownVector() {
        String query = new Query()
                .put("uuid", "myUUID")
                .put("timestamp", "1317427200")
                .put("pnsdk", "PubNub-JS-Nodejs/suchJavascript")
                .put("channel", "ch1")
                .encode();
        assertThat(query)
                .isEqualTo("channel=ch1&pnsdk=PubNub-JS-Nodejs%2FsuchJavascript&timestamp=1317427200&uuid=myUUID");
        assertThat(new RequestSigner("mySecretKey", "myPublishKey")
                        .sign("GET", "/v2/auth/audit/sub-key/mySubscribeKey", query, ""))
                .isEqualTo("v2.I7AFqanrAAtwVfvLHyKECTWw7UcZmwbRnwENpXdGB9E");
    }

    @Test
    void sign_takesEveryPartIn() {
        RequestSigner signer = new RequestSigner("secret", "pub");
        String one = signer.sign("GET", "/p", "a=1", "");
        assertThat(signer.sign("POST", "/p", "a=1", "")).isNotEqualTo(one);
        assertThat(signer.sign("GET", "/q", "a=1", "")).isNotEqualTo(one);
        assertThat(signer.sign("GET", "/p", "a=2", "")).isNotEqualTo(one);
        assertThat(signer.sign("GET", "/p", "a=1", "x")).isNotEqualTo(one);
        assertThat(new RequestSigner("secret", "other").sign("GET", "/p", "a=1", ""))
                .isNotEqualTo(one);
        assertThat(one).startsWith("v2.").doesNotContain("=", "+", "/");
    }
}
