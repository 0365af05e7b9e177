package dev.rollcall.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Targeting;
import dev.rollcall.cli.base.Verb;
import dev.rollcall.cli.context.Target;
import dev.rollcall.cli.output.Escape;
import dev.rollcall.cli.output.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What needs no server: help, mistakes, contexts, tokens. */
class CommandLineTest {
    private static final Path HELP =
            Path.of(System.getProperty("basedir", ".")).resolve("src/main/resources/dev/rollcall/cli/help.txt");

    private final Terminal terminal = new Terminal();

    @TempDir
    Path folder;

    @BeforeEach
    void home() {
        terminal.variables.put("XDG_CONFIG_HOME", folder.toString());
    }

    @Test
    void help_isThePageOfAllCommands() throws IOException {
        if (System.getProperty("update-docs") != null) {
            Files.writeString(HELP, Help.made());
        }
        assertThat(Files.readString(HELP)).as("make it anew with -Dupdate-docs").isEqualTo(Help.made());
        assertThat(terminal.run("help")).isZero();
        assertThat(terminal.out()).isEqualTo(Help.made());
        assertThat(terminal.run("--help")).isZero();
        assertThat(terminal.run()).isEqualTo(2);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void help_ofEveryCommandFitsIntoEightyColumns() {
        for (List<String> words : commands("", Commands.everything())) {
            List<String> line = new ArrayList<>(List.of("help"));
            line.addAll(words);
            assertThat(terminal.run(line.toArray(new String[0]))).as("%s", line).isZero();
            assertThat(terminal.out().lines()).as("%s", line).allMatch(one -> one.length() < 80);
            assertThat(terminal.out()).startsWith("Usage: rollcall " + String.join(" ", words));
        }
        assertThat(Help.made().lines()).allMatch(one -> one.length() < 80);
    }

    @Test
    void context_keepsItsSecretsForItsServer() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "s3cret");
        assertThat(terminal.run(
                        "context",
                        "add",
                        "ours",
                        "--url",
                        "https://ours.example",
                        "--admin-url",
                        "https://ours.example:8091",
                        "--auth",
                        "t0ken",
                        "--secret-key-file",
                        secret.toString(),
                        "--admin-token-file",
                        secret.toString()))
                .as(terminal.err())
                .isZero();
        assertThat(secrets("ours.example")).containsExactly("t0ken", "s3cret", "s3cret");
        assertThat(secrets("other.example")).containsExactly(null, null, null);
        terminal.variables.put("ROLLCALL_URL", "https://other.example");
        terminal.variables.put("ROLLCALL_ADMIN_URL", "https://other.example");
        assertThat(secrets(null)).containsExactly(null, null, null);
    }

    /** Returns the token, the secret key and the token for operators that are for a server, or for the one of the environment. */
    private List<String> secrets(String host) {
        List<String> words = new ArrayList<>(List.of("--context", "ours"));
        if (host != null) {
            words.addAll(List.of("--url", "https://" + host, "--admin-url", "https://" + host + ":8091"));
        }
        Target target = Target.of(terminal.here(words));
        return Arrays.asList(target.auth(), target.secretKey(), target.adminToken());
    }

    @Test
    void auth_comesFromAFileOrTheFirstLineThatIsPipedIn() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "t0ken\n");
        assertThat(Target.of(terminal.here(List.of("--auth-file", file.toString())))
                        .auth())
                .isEqualTo("t0ken");
        terminal.variables.put("ROLLCALL_AUTH", "of-the-environment");
        assertThat(Target.of(terminal.here(List.of("--auth-file", file.toString())))
                        .auth())
                .isEqualTo("t0ken");
        assertThat(Target.of(terminal.here(List.of())).auth()).isEqualTo("of-the-environment");

        terminal.piped = "piped\nand more\n";
        Invocation call = terminal.here(List.of("--auth-file", "-"));
        assertThat(Target.of(call).auth()).isEqualTo("piped");
        // Whoever asks again, and whoever reads on, is not put off.
        assertThat(Target.of(call).auth()).isEqualTo("piped");
        assertThat(new String(call.around().in().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("and more\n");

        Target both = Target.of(terminal.here(List.of("--auth-file", "-", "--secret-key-file", "-")));
        assertThat(both.auth()).isEqualTo("piped");
        assertThatThrownBy(both::secretKey).hasMessageContaining("--secret-key-file: -", "--auth-file");
        assertThatThrownBy(() -> Target.of(terminal.here(List.of("--auth", "x", "--auth-file", "-")))
                        .auth())
                .hasMessageContaining("one of the two");
        terminal.piped = "";
        assertThatThrownBy(() ->
                        Target.of(terminal.here(List.of("--auth-file", "-"))).auth())
                .hasMessageContaining("standard input");
        terminal.piped = "x".repeat(100_000);
        assertThatThrownBy(() ->
                        Target.of(terminal.here(List.of("--auth-file", "-"))).auth())
                .hasMessageContaining("nothing but the secret");
    }

    @Test
    void context_keepsWhereATokenIsAndNotBoth() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "of-the-file");
        assertThat(terminal.run("context", "add", "ours", "--url", "https://ours.example", "--auth", "said"))
                .isZero();
        assertThat(terminal.run("context", "add", "ours", "--auth-file", "-")).isEqualTo(2);
        assertThat(terminal.run("context", "add", "ours", "--auth-file", file.toString()))
                .isZero();
        assertThat(Target.of(terminal.here(List.of("--context", "ours"))).auth())
                .isEqualTo("of-the-file");
        assertThat(Target.of(terminal.here(List.of("--context", "ours", "--url", "https://other.example")))
                        .auth())
                .isNull();
        assertThat(terminal.run("context", "add", "ours", "--auth", "said")).isZero();
        assertThat(Target.of(terminal.here(List.of("--context", "ours"))).auth())
                .isEqualTo("said");
    }

    @Test
    void json_hasNothingInItThatTerminalsObey() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        new Output(out, out, true, false, null, false)
                .json(Output.object().put("user", "\u009b2J\u202ea\u00e9\ud83d\ude00\u007f"));
        out.flush();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("{\"user\":\"\\u009b2J\\u202ea\u00e9\ud83d\ude00\\u007f\"}\n");
    }

    private static List<List<String>> commands(String noun, List<Verb> verbs) {
        List<List<String>> all = new ArrayList<>();
        for (Verb verb : verbs) {
            all.add(noun.isEmpty() ? List.of(verb.name()) : List.of(noun, verb.name()));
            all.addAll(commands(verb.name(), verb.verbs()));
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hree lobby|hree: unknown command (did you mean here?)",
                "serv|serv: unknown command (did you mean serve?)",
                "xyzzy|xyzzy: unknown command (see rollcall help)",
                "here lobby --cuont|--cuont: unknown option (did you mean --count?)",
                "here|no channel (expected: the name of one, or --all)",
                "group lst|group lst: unknown command (did you mean list?)",
                "join lobby|Missing required option: '--as=USER' (see rollcall help join)",
                "here lobby --limit 0|--limit: 0 (expected: a whole number, 1 to 1000)",
                "here lobby --url ftp://x|--url: ftp://x (expected: such as http://127.0.0.1:8090)",
                "here lobby --context prod|context: prod (expected: one made with rollcall context add NAME --url URL;"
                        + " there is none yet)",
                "here lobby --color blue|--color: blue (expected: auto, always or never)",
                "join a --as b --state 1|--state: 1 (expected: a JSON object such as {\"mood\":\"fine\"})",
                "token grant --channel a=fly|no secret key (expected: --secret-key-file FILE, or ROLLCALL_SECRET_KEY)",
                "token show nonsense|token of 8 characters that cannot be read (expected: an access token)"
            })
    void run_mistakeIsToldInOneLineWithStatusTwo(String line, String complaint) {
        assertThat(terminal.run(line.split(" "))).isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("rollcall: " + complaint + '\n');
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void hoisted_optionsBeforeTheWordCountAsThoseBehindIt() {
        assertThat(Targeting.hoisted(List.of("--json", "--url", "u", "here", "a")))
                .containsExactly("here", "a", "--json", "--url", "u");
        assertThat(Targeting.hoisted(List.of("--url=u", "say", "a", "--", "-b")))
                .containsExactly("say", "a", "--url=u", "--", "-b");
        assertThat(Targeting.hoisted(List.of("here", "--json"))).containsExactly("here", "--json");
        assertThat(Targeting.hoisted(List.of("--url"))).containsExactly("--url");
    }

    @Test
    void context_isKeptForItsOwnerAloneAndTakenUnlessSaidOtherwise() throws IOException {
        assertThat(terminal.run("context", "list")).isEqualTo(3);
        assertThat(terminal.run("context", "add", "prod", "--url", "http://127.0.0.1:1", "--key", "012"))
                .isZero();
        assertThat(terminal.run("context", "add", "test", "--url", "http://127.0.0.1:2"))
                .isZero();
        Path file = folder.resolve("rollcall/contexts.yaml");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(terminal.run("context", "list")).isZero();
        assertThat(terminal.out()).isEqualTo("""
                   NAME  URL                 KEY  ADMIN URL
                *  prod  http://127.0.0.1:1  012
                   test  http://127.0.0.1:2
                """);
        assertThat(terminal.run("here", "lobby")).isEqualTo(5);
        assertThat(terminal.err()).contains("127.0.0.1:1");
        assertThat(terminal.run("here", "lobby", "--context", "test")).isEqualTo(5);
        assertThat(terminal.err()).contains("127.0.0.1:2");
        terminal.variables.put("ROLLCALL_CONTEXT", "test");
        terminal.variables.put("ROLLCALL_URL", "http://127.0.0.1:3");
        terminal.run("here", "lobby");
        assertThat(terminal.err()).contains("127.0.0.1:3").contains("rollcall serve");
        terminal.run("here", "lobby", "--url", "http://127.0.0.1:4");
        assertThat(terminal.err()).contains("127.0.0.1:4");
        assertThat(terminal.run("context", "use", "nope")).isEqualTo(2);
        assertThat(terminal.run("context", "remove", "prod")).isZero();
        Files.writeString(file, "contexts: {a: {secret-key: x}}");
        assertThat(terminal.run("context", "list")).isEqualTo(2);
        assertThat(terminal.err()).contains("secret-key (expected: one of url, key");
    }

    @Test
    void sign_addsATimestampAndASignature() {
        terminal.variables.put("ROLLCALL_SECRET_KEY", "0123456789abcdef");
        assertThat(terminal.run("sign", "/time/0?b=2&a=1")).isZero();
        assertThat(terminal.out())
                .matches(
                        "http://127\\.0\\.0\\.1:8090/time/0\\?a=1&b=2&timestamp=1767268800&signature=v2\\.[\\w-]{43}\n");
    }

    @Test
    void env_showsWhatIsSetButNoSecret() {
        terminal.variables.put("ROLLCALL_SECRET_KEY", "0123456789abcdef");
        assertThat(terminal.run("env")).isZero();
        assertThat(terminal.out()).contains("ROLLCALL_SECRET_KEY", "(set)").doesNotContain("0123456789abcdef");
    }

    @ParameterizedTest
    @CsvSource({"bash,complete", "zsh,bashcompinit", "fish,complete -c rollcall"})
    void completion_knowsCommandsOfAllPrograms(String shell, String text) {
        assertThat(terminal.run("completion", shell)).isZero();
        assertThat(terminal.out()).contains(text, "serve", "here", "snapshot", "bench");
    }

    @Test
    void escape_leavesLettersAndDisarmsTheRest() {
        assertThat(Escape.of("Zoë 😀 plain")).isEqualTo("Zoë 😀 plain");
        assertThat(Escape.of("a\u001b[31mb\nc\u202ed\u0085")).isEqualTo("a\\x1b[31mb\\x0ac\\u{202e}d\\x85");
    }
}
