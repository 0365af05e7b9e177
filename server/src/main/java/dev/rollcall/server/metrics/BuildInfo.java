package dev.rollcall.server.metrics;

/** What is running. */
public final class BuildInfo {
    private BuildInfo() {}

    /** Returns the version of the server; {@code unknown} where it was not packaged. */
    public static String version() {
        String version = BuildInfo.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    /** Returns the version of the Java runtime. */
    public static String java() {
        return Runtime.version().toString();
    }
}
