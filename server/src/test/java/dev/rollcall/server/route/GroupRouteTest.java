package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GroupRouteTest extends RouteFixture {
    @Test
    void groups_editAndList() {
        assertThat(get(GROUPS + "/channel-group/g?add=a,b%2Cc").body()).isEqualTo(GROUP_CHANGED);
        assertThat(get(GROUPS + "/channel-group/g").body())
                .isEqualTo(
                        "{\"status\":200,\"payload\":{\"channels\":[\"a\",\"b\",\"c\"],\"group\":\"g\"},\"service\":\"channel-registry\",\"error\":false}");
        assertThat(get(GROUPS + "/channel-group/g?remove=b").body()).isEqualTo(GROUP_CHANGED);
        assertThat(get(GROUPS + "/channel-group/g?add=d&remove=a").body()).isEqualTo(GROUP_CHANGED);
        assertThat(get(GROUPS + "/channel-group/g").body()).contains("\"channels\":[\"c\",\"d\"]");
        assertThat(get(GROUPS + "/channel-group").body())
                .isEqualTo(
                        "{\"status\":200,\"payload\":{\"namespace\":\"\",\"groups\":[\"g\"]},\"service\":\"channel-registry\",\"error\":false}");
        assertThat(get(GROUPS + "/channel-group/g/remove").body()).isEqualTo(GROUP_CHANGED);
        assertThat(get(GROUPS + "/channel-group/g").body()).contains("\"channels\":[]");
        assertThat(get(GROUPS + "/channel-group").body()).contains("\"groups\":[]");
    }

    @Test
    void namespace_emptyIsNone() {
        get(GROUPS + "/channel-group/g?add=a");
        FakeExchange refused = get(GROUPS + "/namespace//remove");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("namespace: empty (expected: the name of a namespace)");
        assertThat(get(GROUPS + "/channel-group").body()).contains("\"groups\":[\"g\"]");
    }

    @Test
    void groups_namespaces() {
        get(GROUPS + "/namespace/ns/channel-group/g?add=a");
        get(GROUPS + "/channel-group/plain?add=a");
        assertThat(get(GROUPS + "/channel-group/ns:g").body()).contains("\"channels\":[\"a\"]");
        assertThat(get(GROUPS + "/namespace/ns/channel-group/g").body())
                .contains("\"channels\":[\"a\"],\"group\":\"g\",\"namespace\":\"ns\"");
        assertThat(get(GROUPS + "/namespace").body()).contains("{\"sub_key\":\"sub\",\"namespaces\":[\"ns\"]}");
        assertThat(get(GROUPS + "/namespace/ns/channel-group").body())
                .contains("{\"namespace\":\"ns\",\"groups\":[\"g\"]}");
        assertThat(get(GROUPS + "/channel-group").body()).contains("\"groups\":[\"plain\"]");
        assertThat(get(GROUPS + "/namespace/ns/remove").body()).isEqualTo(GROUP_CHANGED);
        assertThat(get(GROUPS + "/namespace").body()).contains("\"namespaces\":[]");
    }

    @Test
    void namespaces_nothingIsNotOne() {
        get(GROUPS + "/channel-group/plain?add=a");
        for (String call :
                new String[] {"/namespace//remove", "/namespace//channel-group", "/namespace//channel-group/g?add=b"}) {
            assertError(GROUPS + call, 400, "channel-registry", "namespace: empty (expected: the name of a namespace)");
        }
        assertThat(get(GROUPS + "/channel-group").body()).contains("\"groups\":[\"plain\"]");
    }

    @Test
    void groups_refusals() {
        assertError(GROUPS + "/channel-group/g?add=", 400, "channel-registry", "add, remove: empty");
        assertError(GROUPS + "/channel-group/g-pnpres?add=a", 400, "channel-registry", "channel group: g-pnpres");
        assertError(GROUPS + "/channel-group/g?add=" + "x".repeat(93), 400, "channel-registry", "channel length: 93");
        assertError(GROUPS + "/channel-group/%2C", 400, "channel-registry", "channel group: ,");
    }
}
