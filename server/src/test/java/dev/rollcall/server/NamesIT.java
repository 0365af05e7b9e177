package dev.rollcall.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.server.config.RollcallConfig;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels, groups and user ids of every kind of character come back by every call as they were given. */
class NamesIT {
    private static RollcallServer server;

    @BeforeAll
    static void start() {
        server = RollcallServer.start(RollcallConfig.development().withPort(0).withAdminPort(0));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<String> names() {
        return Stream.of(
                "a#b",
                "Russia:Yakutsk",
                "a+b",
                "a b",
                "a%b",
                "a%2Fb",
                "a/b",
                "a\\b",
                "\"q\"",
                "it's",
                "日本語",
                "emoji😀",
                "a;b=c",
                "a&b",
                "a?b",
                "x".repeat(92),
                "😀".repeat(92),
                ".",
                "..",
                "e\u0301",
                "{\"j\":1}",
                "<b>",
                "null",
                "0",
                " lead",
                "tab\tx",
                "a\u201ab");
    }

    private static WireClient client(String name) {
        return new WireClient(server, "sub-" + Integer.toHexString(name.hashCode()));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    @ParameterizedTest
    @MethodSource("names")
    void name_isTheSameInEventsAndMessages(String name) {
        WireClient client = client(name + " event");
        String channel = WireClient.encode(name);
        JsonNode state = object().put("v", name);
        try (var watcher = client.watch(channel + ',' + WireClient.encode(name + "-pnpres"), "")) {
            client.heartbeat(
                    channel,
                    name,
                    "&state=" + WireClient.encode(object().set(name, state).toString()));
            watcher.awaitPresence(name + " join " + name);
            JsonNode join = watcher.events().get(0);
            assertThat(join.at("/b").textValue()).isEqualTo(name + "-pnpres");
            assertThat(join.at("/d/data")).isEqualTo(state);

            String message = JsonNodeFactory.instance.textNode(name).toString();
            client.json(client.publishTarget(channel) + WireClient.encode(message) + "?uuid=" + WireClient.encode(name)
                    + "&meta=" + WireClient.encode(message));
            JsonNode heard = watcher.awaitMessage(name);
            assertThat(heard.at("/c").textValue()).isEqualTo(name);
            assertThat(heard.at("/i").textValue()).isEqualTo(name);
            assertThat(heard.at("/u").textValue()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void name_isTheSameInRostersAndStates(String name) {
        WireClient client = client(name + " roster");
        String channel = WireClient.encode(name);
        ObjectNode state = object().put(name, name);
        client.heartbeat(channel, name, "");
        client.setState(channel, name, state.toString());

        assertThat(client.hereNow(channel).at("/uuids"))
                .containsExactly(object().put("uuid", name).set("state", state));
        assertThat(client.hereNowOfAll().at("/payload/channels").fieldNames())
                .toIterable()
                .containsExactly(name);
        assertThat(client.whereNow(name)).containsExactly(name);
        assertThat(client.state(channel, name)).isEqualTo(state);

        client.leave(channel, name, "");
        assertThat(client.hereNow(channel).at("/occupancy").intValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "😀"})
    void name_ofMoreCharactersThanAllowedIsRefused(String character) {
        WireClient client = client(character + " long");
        String name = WireClient.encode(character.repeat(93));
        assertThat(client.trySetState(name, "u", "{}").statusCode()).isEqualTo(400);
        assertThat(client.trySetState("c", character.repeat(93), "{}").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @MethodSource("names")
    void name_isTheSameInGroups(String name) {
        WireClient client = client(name + " group");
        client.group("g", "add=" + WireClient.encode(name));
        assertThat(WireClient.texts(client.group("g", "").at("/payload/channels")))
                .isEqualTo(List.of(name));
    }
}
