package dev.rollcall.server.tool;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.TrackingRule;
import dev.rollcall.engine.directory.RuleView;
import dev.rollcall.protocol.Channel;
import dev.rollcall.server.config.ConfigReader;
import dev.rollcall.server.config.KeysetConfig;
import dev.rollcall.server.config.RollcallConfig;
import dev.rollcall.server.config.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code rule test}: which rule of a configuration a channel falls under. */
final class RuleTool {
    private RuleTool() {}

    static List<Command> commands() {
        return List.of(new Command(
                "test",
                "Tells which rule tracks a channel. Ends with status 3 if it is not tracked.",
                List.of(
                        Tools.option(
                                "--config", "FILE", "The configuration; left out, that of ROLLCALL_CONFIG, or none."),
                        Tools.option("--key", "KEY", "The keyset; not needed where there is only one.")),
                List.of(Tools.word("CHANNEL", "1", "The channel.")),
                RuleTool::test));
    }

    private static int test(Command.Called called) {
        String file = called.text("--config");
        RollcallConfig config =
                ConfigReader.read(file == null ? Map.of() : Map.of(Setting.CONFIG, file), System.getenv());
        String channel = new Channel(called.word()).name();
        String key = called.text("--key");
        RuleView rule = RuleView.of(settings(config, key), channel);
        String events = rule.events().stream()
                .sorted()
                .map(TrackingRule.Event::name)
                .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
        if (called.isJson()) {
            var line = Command.Called.object().put("channel", channel).put("tracked", rule.isTracked());
            if (rule.index() >= 0) {
                line.put("index", rule.index());
            }
            if (rule.pattern() != null) {
                line.put("pattern", rule.pattern());
            }
            called.print(line.put("events", events).put("why", rule.sentence()));
        } else {
            called.print(rule.sentence());
            if (rule.pattern() != null) {
                called.print("  pattern  " + rule.pattern());
            }
            if (rule.isTracked()) {
                called.print("  events   " + events);
            }
        }
        return rule.isTracked() ? Tools.OK : Tools.NO;
    }

    private static KeysetSettings settings(RollcallConfig config, @Nullable String key) {
        List<KeysetConfig> keysets = config.keysets();
        if (keysets.isEmpty()) {
            return config.defaults();
        }
        String known =
                keysets.stream().map(keyset -> keyset.subscribeKey().value()).collect(Collectors.joining(", "));
        if (key == null && keysets.size() > 1) {
            throw new IllegalArgumentException("--key: none (expected: one of " + known + ")");
        }
        return keysets.stream()
                .filter(keyset -> key == null || keyset.subscribeKey().value().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--key: " + key + " (expected: one of " + known + ")"))
                .settings();
    }
}
