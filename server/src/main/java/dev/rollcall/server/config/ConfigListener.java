package dev.rollcall.server.config;

/** Hears what became of a configuration file that was read again. Must not block. */
public interface ConfigListener {
    /** Hears nothing. */
    ConfigListener NONE = new ConfigListener() {
        @Override
        public void onTaken() {}

        @Override
        public void onRefused() {}
    };

    /** The file is in force. */
    void onTaken();

    /** The file was refused; what was in force stays in force. */
    void onRefused();
}
