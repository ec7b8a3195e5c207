package io.agentledger.gateway.ops;

import static java.util.Objects.requireNonNull;

import io.agentledger.api.shared.OrderedCopy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Selects the bean definitions of a start: those that Spring has generated, if the class path
 * contains them ({@code deploy/aot-cache.sh}), otherwise those of the configuration classes. The
 * conditions of generated definitions were decided when they were generated, so they are selected
 * only if all settings that were read then have the same values now.
 */
public final class GeneratedContextSelector
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>,
        ApplicationContextInitializer<ConfigurableApplicationContext> {
  private static final Logger log = LoggerFactory.getLogger(GeneratedContextSelector.class);
  private static final String FILE = "META-INF/agentledger/generated-context.properties";
  private static final String RECORDER = "settings read while definitions are generated";

  /** Settings that are read with others and select no beans. */
  private static final Set<String> IRRELEVANT =
      Set.of(
          "server.port",
          "AGENTLEDGER_PORT",
          "spring.application.pid",
          "spring.application.version"); // Spring Boot sets it later in a start.

  /** Records the settings that are read from now on, if definitions are generated. */
  @Override
  public void initialize(ConfigurableApplicationContext context) {
    if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING))
      context.getEnvironment().getPropertySources().addFirst(new Recorder());
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    if (System.getProperty(AotDetector.AOT_ENABLED) != null) return; // The operator has decided.
    try (InputStream file = getClass().getClassLoader().getResourceAsStream(FILE)) {
      if (file == null) return;
      var settings = new Properties();
      settings.load(file);
      Optional<String> other = findOther(settings, event.getEnvironment());
      if (other.isEmpty()) SpringProperties.setFlag(AotDetector.AOT_ENABLED);
      else log.info("generated bean definitions are not used: {} has another value", other.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the name of a setting that has another value now. */
  static Optional<String> findOther(Properties settings, Environment environment) {
    return settings.stringPropertyNames().stream()
        .filter(name -> !settings.getProperty(name).equals(value(name, environment)))
        .sorted()
        .findFirst();
  }

  private static String value(String name, Environment environment) {
    return String.valueOf(environment.getProperty(name));
  }

  /** Property source without properties that records the names that it is asked for. */
  private static final class Recorder extends PropertySource<Set<String>> {
    Recorder() {
      super(RECORDER, ConcurrentHashMap.newKeySet());
    }

    @Override
    public @Nullable Object getProperty(String name) {
      source.add(name);
      return null;
    }
  }

  /** Writes the settings that were read to a file beside the generated definitions. */
  static final class SettingsWriter implements BeanFactoryInitializationAotProcessor {
    @Override
    public BeanFactoryInitializationAotContribution processAheadOfTime(
        ConfigurableListableBeanFactory beanFactory) {
      return (generation, code) -> {
        var environment = beanFactory.getBean(ConfigurableEnvironment.class);
        var recorder = requireNonNull(environment.getPropertySources().get(RECORDER));
        var settings = new Properties();
        for (String name : OrderedCopy.of(((Recorder) recorder).getSource()))
          if (!IRRELEVANT.contains(name)) settings.setProperty(name, value(name, environment));
        generation
            .getGeneratedFiles()
            .addResourceFile(
                FILE,
                () ->
                    new ByteArrayInputStream(text(settings).getBytes(StandardCharsets.ISO_8859_1)));
      };
    }

    private static String text(Properties settings) throws IOException {
      var writer = new StringWriter();
      settings.store(writer, null);
      return writer.toString();
    }
  }
}
