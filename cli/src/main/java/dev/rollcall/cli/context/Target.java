package dev.rollcall.cli.context;

import dev.rollcall.cli.base.Durations;
import dev.rollcall.cli.base.Failure;
import dev.rollcall.cli.base.Invocation;
import dev.rollcall.cli.base.Targeting;
import dev.rollcall.cli.plain.PlainTransport;
import dev.rollcall.client.ClientConfig;
import dev.rollcall.client.RollcallClient;
import dev.rollcall.client.admin.RollcallAdmin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which server is asked, and with which keys. What the command line says goes before the environment, that before the context, that before
 * the defaults. Used by one thread.
 */
public final class Target {
    /** Where a server that was started without options is. */
    public static final String DEFAULT_URL = "http://127.0.0.1:8090";

    /** Where its admin port is. */
    public static final String DEFAULT_ADMIN_URL = "http://127.0.0.1:8091";

    /** The key that works where no keysets are configured. */
    public static final String DEFAULT_KEY = "demo";

    private static final int LARGEST_SECRET_FILE = 32 * 1024;

    private final Invocation call;
    private final Map<String, String> variables;
    private @Nullable Map<String, String> context;

    private Target(Invocation call) {
        this.call = call;
        variables = call.around().variables();
    }

    /** Returns the target of a command. */
    public static Target of(Invocation call) {
        return new Target(call);
    }

    private String value(String option, @Nullable String variable, String other) {
        String value = value(option, variable);
        return value == null ? other : value;
    }

    private @Nullable String value(String option, @Nullable String variable) {
        String flag = call.text(option);
        if (flag != null) {
            return flag;
        }
        String set = variable == null ? null : variables.get(variable);
        if (set != null && !set.isEmpty()) {
            return set;
        }
        return ofContext(option);
    }

    /**
     * Returns what the context says. What it has to get into a server is for that server: whoever names another one has to say how to get
     * into that.
     */
    private @Nullable String ofContext(String option) {
        boolean isSecret = switch (option) {
            case Targeting.AUTH, Targeting.AUTH_FILE, Targeting.SECRET_KEY_FILE ->
                !isOfContext(Targeting.URL, Variables.URL);
            case Targeting.ADMIN_TOKEN_FILE -> !isOfContext(Targeting.ADMIN_URL, Variables.ADMIN_URL);
            default -> false;
        };
        return isSecret ? null : context().get(option.substring(2));
    }

    /** Returns whether the server that is asked is that of the context. */
    private boolean isOfContext(String option, String variable) {
        String flag = call.text(option);
        String set = flag == null ? variables.get(variable) : flag;
        if (set == null || set.isEmpty()) {
            return true;
        }
        String own = context().get(option.substring(2));
        return own != null && uri(option, own, true).equals(uri(option, set, true));
    }

    private Map<String, String> context() {
        Map<String, String> found = context;
        if (found == null) {
            found = Contexts.of(variables).chosen(call.text(Targeting.CONTEXT));
            context = found;
        }
        return found;
    }

    /** Returns the client port. */
    public URI url() {
        return uri(Targeting.URL, value(Targeting.URL, Variables.URL, DEFAULT_URL), false);
    }

    /** Returns the subscribe key. */
    public String key() {
        return value(Targeting.KEY, Variables.KEY, DEFAULT_KEY);
    }

    /** Returns the publish key. */
    public String publishKey() {
        return value(Targeting.PUBLISH_KEY, Variables.PUBLISH_KEY, DEFAULT_KEY);
    }

    /** Returns the secret key, or null if there is none. */
    public @Nullable String secretKey() {
        String file = call.text(Targeting.SECRET_KEY_FILE);
        String set = variables.get(Variables.SECRET_KEY);
        if (file == null && set != null && !set.isEmpty()) {
            return set;
        }
        return secret(Targeting.SECRET_KEY_FILE, file);
    }

    /** Returns the secret key, which must be there. */
    public String neededSecretKey() {
        String secret = secretKey();
        if (secret == null) {
            throw Failure.usage("no secret key (expected: " + Targeting.SECRET_KEY_FILE + " FILE, or "
                    + Variables.SECRET_KEY + ")");
        }
        return secret;
    }

    /** Returns the access token, or null if there is none. */
    public @Nullable String auth() {
        String flag = call.text(Targeting.AUTH);
        String file = call.text(Targeting.AUTH_FILE);
        if (flag != null && file != null) {
            throw Failure.usage(Targeting.AUTH_FILE + ": beside " + Targeting.AUTH + " (expected: one of the two)");
        }
        if (file != null) {
            return secret(Targeting.AUTH_FILE, file);
        }
        String token = value(Targeting.AUTH, Variables.AUTH);
        return token == null ? secret(Targeting.AUTH_FILE, null) : token;
    }

    /** Returns the admin port. */
    public URI adminUrl() {
        String set = value(Targeting.ADMIN_URL, Variables.ADMIN_URL);
        if (set == null && !isLoopback(url().getHost())) {
            throw Failure.usage("no admin port is known for " + url() + " (expected: " + Targeting.ADMIN_URL
                    + " URL, or " + Variables.ADMIN_URL + ")");
        }
        return uri(Targeting.ADMIN_URL, set == null ? DEFAULT_ADMIN_URL : set, true);
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** Returns the token for the admin port, or null if there is none. */
    public @Nullable String adminToken() {
        String file = call.text(Targeting.ADMIN_TOKEN_FILE);
        String set = variables.get(Variables.ADMIN_TOKEN);
        if (file == null && set != null && !set.isEmpty()) {
            return set;
        }
        return secret(Targeting.ADMIN_TOKEN_FILE, file);
    }

    private @Nullable String secret(String option, @Nullable String file) {
        String place = file == null ? ofContext(option) : file;
        if (place == null) {
            return null;
        }
        try {
            if (place.equals(Targeting.PIPED)) {
                String piped = call.piped(option, LARGEST_SECRET_FILE);
                if (piped.isEmpty()) {
                    throw Failure.expected(option, place, "a line with the secret on standard input");
                }
                return piped;
            }
            Path path = Path.of(place);
            if (Files.size(path) > LARGEST_SECRET_FILE) {
                throw Failure.expected(option, place, "a file with nothing but the secret");
            }
            return Files.readString(path).strip();
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw Failure.expected(option, place, "a file that can be read");
        }
    }

    /** Reads an address. */
    static URI uri(String option, String text, boolean isPathAllowed) {
        String expected = isPathAllowed ? "such as http://127.0.0.1:8091" : "such as http://127.0.0.1:8090";
        try {
            URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            String scheme = uri.getScheme();
            boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
            boolean bare = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            if (http
                    && bare
                    && uri.getHost() != null
                    && (isPathAllowed || uri.getRawPath().isEmpty())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw Failure.expected(option, text, expected);
    }

    /** Returns the settings of a client for a user, to be changed further. */
    public ClientConfig.Builder client(String user) {
        URI url = url();
        ClientConfig.Builder builder = ClientConfig.builder(key(), user)
                .publishKey(publishKey())
                .origin(url.getRawAuthority())
                .secure("https".equalsIgnoreCase(url.getScheme()))
                .requestTimeout(Duration.ofSeconds(10));
        String secret = secretKey();
        if (secret != null) {
            builder.secretKey(secret);
        }
        String token = auth();
        if (token != null) {
            builder.token(token);
        }
        return builder;
    }

    /** Returns a client for single calls, one after the other. It starts quickly. */
    public RollcallClient calls(String user) {
        return RollcallClient.create(client(user).build(), new PlainTransport());
    }

    /** Returns a client that does as those of applications do. */
    public RollcallClient ordinary(String user) {
        return RollcallClient.create(client(user).build());
    }

    /** Returns a client of the admin port. */
    public RollcallAdmin admin() {
        URI url = adminUrl();
        return PlainTransport.isPlain(url)
                ? RollcallAdmin.connect(url, adminToken(), PlainTransport::toAdmin)
                : RollcallAdmin.connect(url, adminToken());
    }

    /** Returns how long a user counts as present after a sign of life, in whole seconds. */
    public static Duration presenceTimeout(String text) {
        Duration timeout = Durations.parse("--timeout", text);
        if (timeout.compareTo(ClientConfig.MIN_PRESENCE_TIMEOUT) < 0
                || timeout.compareTo(ClientConfig.MAX_PRESENCE_TIMEOUT) > 0) {
            throw Failure.expected(
                    "--timeout",
                    text,
                    ClientConfig.MIN_PRESENCE_TIMEOUT.toSeconds() + "s to "
                            + ClientConfig.MAX_PRESENCE_TIMEOUT.toSeconds() + "s");
        }
        return timeout;
    }
}
