package dev.rollcall.sdktests;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands each test its {@link Stage} and clears it afterwards; starts the server before the first, stops it after the last. */
public final class StageExtension implements ParameterResolver, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(StageExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stage.class;
    }

    @Override
    public Stage resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ServerUnderTest server = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(ServerUnderTest.class, key -> ServerUnderTest.start(), ServerUnderTest.class);
        Sdk sdk = (Sdk) context.getRequiredTestInstance();
        Stage stage = new Stage(sdk, server.origin());
        context.getStore(NAMESPACE).put(Stage.class, stage);
        return stage;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Stage stage = context.getStore(NAMESPACE).remove(Stage.class, Stage.class);
        if (stage != null) {
            stage.close();
        }
    }
}
