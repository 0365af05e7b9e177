package dev.rollcall.cli.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Status;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.admin.RollcallAdmin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code where}: in which channels somebody is. */
final class Where {
    private Where() {}

    static Verb verb() {
        return Verb.of(
                "where",
                "Shows in which channels a user is. Ends with status 3 if in none.",
                Verb.Scope.CLIENT,
                syntax -> syntax.flag("-l --long", "Since when and with what device too, by the admin port.")
                        .word("USER", "The user."),
                Where::run);
    }

    private static int run(Invocation call) throws Exception {
        return call.has("--long") ? detailed(call) : plain(call);
    }

    private static int plain(Invocation call) {
        Output output = call.output();
        String user = call.word(0);
        try (RollcallClient client = Target.of(call).calls(Watching.NAME)) {
            List<String> channels = client.whereNow().uuid(user).sync().channels();
            channels.forEach(channel -> {
                if (output.isJson()) {
                    output.json(Output.object().put("uuid", user).put("channel", channel));
                } else {
                    output.line(Escape.of(channel));
                }
            });
            return verdict(call, channels.isEmpty());
        }
    }

    private static int verdict(Invocation call, boolean isNowhere) {
        if (isNowhere) {
            call.output().note(Escape.of(call.word(0)) + " is in no channel");
        }
        return isNowhere ? Status.NO : Status.OK;
    }

    private static int detailed(Invocation call) throws Exception {
        Output output = call.output();
        Target target = Target.of(call);
        try (RollcallAdmin admin = target.admin()) {
            JsonNode user = admin.user(target.key(), call.word(0)).get();
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("CHANNEL", "SINCE", "DEVICE"));
            for (JsonNode channel : user.path("channels")) {
                String name = channel.path("channel").asText();
                List<String> devices = devices(user, name);
                if (output.isJson()) {
                    ObjectNode line = Output.object().put("uuid", call.word(0));
                    line.setAll((ObjectNode) channel);
                    devices.forEach(line.putArray("devices")::add);
                    output.json(line);
                } else {
                    String since = channel.path("since").asText("");
                    rows.add(List.of(
                            name,
                            since.isEmpty() ? "" : output.time(Instant.parse(since)),
                            String.join(", ", devices)));
                }
            }
            if (rows.size() > 1) {
                output.table(rows);
            }
            return verdict(call, user.path("channels").isEmpty());
        }
    }

    /** Returns what the clients say of themselves whose subscribes wait for a channel. */
    private static List<String> devices(JsonNode user, String channel) {
        List<String> devices = new ArrayList<>();
        for (JsonNode poll : user.path("polls")) {
            for (JsonNode place : poll.path("places")) {
                if (place.path("channel").asText().equals(channel)) {
                    String agent = poll.path("agent").asText("");
                    String address = poll.path("address").asText("");
                    devices.add(agent.isEmpty() ? address : address.isEmpty() ? agent : agent + " at " + address);
                }
            }
        }
        return devices;
    }
}
