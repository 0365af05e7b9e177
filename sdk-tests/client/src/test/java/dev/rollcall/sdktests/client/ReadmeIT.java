package dev.rollcall.sdktests.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.client.HereNowOccupant;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.RollcallListener;
import dev.rollcall.client.RollcallException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles every Java snippet of the README, each by itself, and runs them one after the other against a server. */
class ReadmeIT {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PROGRAM = Pattern.compile("public final class (\\w+)");
    private static final List<String> IMPORTED = List.of(
            "dev.rollcall.client",
            "dev.rollcall.client.access",
            "dev.rollcall.client.roster",
            "dev.rollcall.client.testing",
            "dev.rollcall.client.retry",
            "dev.rollcall.client.transport",
            "java.time",
            "java.util");

    /** What a snippet that holds the key prints, sooner or later. */
    private static final Map<String, List<String>> PRINTED = Map.ofEntries(
            Map.entry("class Hello", List.of("join in my_channel", "[my_channel]")),
            Map.entry("\"uuid: %s", List.of("channel: my_channel\noccupancy: 1\nuuid: me, state: null")),
            Map.entry(
                    ".includeState(true)\n        .async((result, status) -> {",
                    List.of("HereNowOccupant[uuid=me, state={\"abcd\":{\"age\":15}}]")),
            Map.entry("\"only \"", List.of("only 1")),
            Map.entry("\"cg3\"", List.of("in groups 4")),
            Map.entry(".occupants().map", List.of("me\n")),
            Map.entry("some-other-uuid", List.of("other: [there]")),
            Map.entry("\"set: \"", List.of("set: {\"age\":20}")),
            Map.entry("\"got: \"", List.of("got: {ch1={\"age\":20}, ch2={\"age\":20}, ch3={\"age\":20}}")),
            Map.entry(
                    "record Singer", List.of("{\"first\":\"Robert\",\"last\":\"Plant\",\"age\":59,\"region\":\"UK\"}")),
            Map.entry(
                    "new RollcallListener",
                    List.of(
                            "CONNECTED [my_channel, news.*]",
                            "me joined news.*, now 1",
                            "news.sport by news.*: {\"text\":\"hello\"}")),
            Map.entry("client.roster(", List.of("in the room: ", "ready: true")),
            Map.entry("new FakeTransport()", List.of("heard: \"hello\"")),
            Map.entry("client.presence()", List.of("beating: ACKNOWLEDGMENT")),
            Map.entry("unsubscribe()", List.of("ACKNOWLEDGMENT [news.*]")),
            Map.entry("\"family\"", List.of("[a]\n[cg1, cg2, cg3, family, gr1, gr2, gr3]")),
            Map.entry(
                    "catch (RollcallException",
                    List.of("BAD_REQUEST 400 SIGNAL [my_channel]", "Signal size too large, try again: false")));

    private static final String KEY = "demo";

    private final LiveServer server = new LiveServer();
    private final PrintStream console = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @BeforeEach
    void redirect() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setOut(console);
        server.close();
    }

    private static List<String> snippets() throws IOException {
        List<String> snippets = new ArrayList<>();
        Matcher matcher = SNIPPET.matcher(Files.readString(Path.of("../../client/README.md")));
        while (matcher.find()) {
            snippets.add(matcher.group(1));
        }
        return snippets;
    }

    /** Returns the name of the class that the snippet becomes; a snippet that is no program becomes the body of a method. */
    private String write(int number, String snippet) throws IOException {
        Matcher program = PROGRAM.matcher(snippet);
        String name = "Snippet" + number;
        String source;
        if (program.find()) {
            name = program.group(1);
            source = snippet.replace("127.0.0.1:8090", server.origin());
        } else {
            source = IMPORTED.stream().map("import %s.*;\n"::formatted).collect(Collectors.joining())
                    + "public final class " + name + " {\n"
                    + "    public static void run(RollcallClient client) throws Exception {\n"
                    + snippet
                    + "    }\n}\n";
        }
        Files.writeString(folder.resolve(name + ".java"), source);
        return name;
    }

    private List<String> compile(List<String> snippets) throws IOException {
        List<String> names = new ArrayList<>();
        for (String snippet : snippets) {
            names.add(write(names.size(), snippet));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources =
                    names.stream().map(name -> folder.resolve(name + ".java")).toList();
            boolean compiled = compiler.getTask(
                            complaints,
                            files,
                            null,
                            List.of("--release", "17", "-d", folder.toString(), "-cp", classPath()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(complaints.toString()).isTrue();
        }
        return names;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Test
    void snippets_compileAndRun() throws Exception {
        RollcallClient client = prepare();
        List<String> snippets = snippets();
        List<String> names = compile(snippets);
        List<String> seen = new ArrayList<>();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {url(folder)}, getClass().getClassLoader())) {
            for (int i = 0; i < names.size(); i++) {
                String snippet = snippets.get(i);
                run(loader.loadClass(names.get(i)), client);
                PRINTED.forEach((key, texts) -> {
                    if (snippet.contains(key)) {
                        seen.add(key);
                        await().untilAsserted(() -> assertThat(printed.toString(StandardCharsets.UTF_8))
                                .contains(texts));
                    }
                });
            }
        }
        assertThat(seen).as("every expectation has its snippet").containsExactlyInAnyOrderElementsOf(PRINTED.keySet());
    }

    /** Makes the world that the snippets speak of. */
    private RollcallClient prepare() {
        RollcallClient client = server.client(KEY, "me");
        Map.of("cg1", "one", "cg2", "two", "cg3", "three,four", "gr1", "ch1", "gr2", "ch2", "gr3", "ch3")
                .forEach((group, channels) -> client.addChannelsToChannelGroup()
                        .channels(channels)
                        .channelGroup(group)
                        .sync());
        for (String channel : List.of("one", "two", "three", "four")) {
            server.present(KEY, "in-" + channel, channel);
        }
        server.present(KEY, "some-other-uuid", "there");
        server.present(KEY, "such_uuid", "ch1", "ch2", "ch3")
                .setState()
                .channels("ch1", "ch2", "ch3")
                .state(Map.of("age", 20))
                .sync();
        LiveServer.subscribed(client.subscribe().channels("my_channel"));
        client.setState()
                .channels("my_channel")
                .state(Map.of("abcd", Map.of("age", 15)))
                .sync();
        return client;
    }

    private static URL url(Path folder) throws MalformedURLException {
        return folder.toUri().toURL();
    }

    private static void run(Class<?> type, RollcallClient client) throws ReflectiveOperationException {
        try {
            if (type.getSimpleName().startsWith("Snippet")) {
                type.getMethod("run", RollcallClient.class).invoke(null, client);
            } else {
                type.getMethod("main", String[].class).invoke(null, (Object) new String[0]);
            }
        } catch (InvocationTargetException e) {
            throw new AssertionError("snippet failed: " + type.getSimpleName(), e.getCause());
        }
    }
}
