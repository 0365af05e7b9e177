package dev.rollcall.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.cli.base.Arguments;
import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Specs;
import dev.rollcall.cli.base.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParseResult;

/** The quick way to read a command line: whatever it reads, picocli, which reads all that is not plain, has to read alike. */
class ArgumentsTest {
    private static final int LINES = Integer.getInteger("rollcall.model.seeds", 300);

    /** What belongs to no option, or looks like one and is none. */
    private static final List<String> WORDS = List.of(
            "lobby",
            "a.b",
            "list",
            "set",
            "0",
            "5m",
            "{\"a\":1}",
            "100%",
            "é",
            "a=b",
            "-",
            "--",
            "",
            "-1",
            "-x",
            "--nope",
            "=",
            "a b",
            "'q'",
            "@file",
            "$x",
            "%n",
            "/tmp//x/",
            "true");

    private static List<Verb> leaves() {
        List<Verb> leaves = new ArrayList<>();
        for (Verb verb : Commands.everything()) {
            leaves.addAll(verb.verbs().isEmpty() ? List.of(verb) : verb.verbs());
        }
        return leaves;
    }

    /** Returns all names that a verb has for options, as its help shows them. */
    private static List<String> names(Verb verb) {
        return Specs.of(verb).options().stream()
                .flatMap(option -> List.of(option.names()).stream())
                .toList();
    }

    @Test
    void plain_readsAllThatItReadsAsPicocliDoes() {
        int plain = 0;
        Random random = new Random(20260101);
        for (Verb verb : leaves()) {
            List<String> names = names(verb);
            for (int i = 0; i < LINES; i++) {
                List<String> line = line(random, names);
                Arguments quick = Arguments.plain(verb.described(), line);
                if (quick != null) {
                    plain++;
                    ParseResult careful = Careful.parsed(verb, line);
                    assertThat(careful.isUsageHelpRequested())
                            .as("%s %s", verb.name(), line)
                            .isFalse();
                    assertThat(quick).as("%s %s", verb.name(), line).isEqualTo(Specs.arguments(careful));
                }
            }
        }
        assertThat(plain).as("lines that are plain").isGreaterThan(LINES);
    }

    private static List<String> line(Random random, List<String> names) {
        List<String> line = new ArrayList<>();
        int length = random.nextInt(7);
        while (line.size() < length) {
            String word = WORDS.get(random.nextInt(random.nextBoolean() ? 10 : WORDS.size()));
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> line.add(name);
                case 1 -> line.add(name + '=' + word);
                case 2 -> {
                    line.add(name);
                    line.add(word);
                }
                default -> line.add(word);
            }
        }
        return line;
    }

    @Test
    void plain_takesWhatPeopleType() {
        Verb here = Objects.requireNonNull(Commands.find("here"));
        Arguments arguments = Arguments.plain(
                here.described(), List.of("lobby", "--url", "http://[::1]:8090", "-c", "--limit=7", "attic"));
        assertThat(arguments).isNotNull();
        assertThat(arguments.words()).containsExactly("lobby", "attic");
        assertThat(arguments.options())
                .containsEntry("--url", List.of("http://[::1]:8090"))
                .containsEntry("--limit", List.of("7"))
                .containsKeys("-c", "--count");
        assertThat(Arguments.plain(here.described(), List.of("lobby", "--help")))
                .isNull();
        assertThat(Arguments.plain(here.described(), List.of("lobby", "--limit")))
                .isNull();
        assertThatThrownBy(() -> Careful.parsed(here, List.of("lobby", "--limit")))
                .isInstanceOf(Failure.class);
    }
}
