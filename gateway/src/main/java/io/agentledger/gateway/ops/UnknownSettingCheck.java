package io.agentledger.gateway.ops;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Check for environment variables {@code AGENTLEDGER_...} that no setting has, because their names
 * are misspelled: they have no effect, which the log of the start says. A name that contains an
 * index or a key of a setting is not checked beyond the setting.
 */
@Component
final class UnknownSettingCheck {
  private static final Logger log = LoggerFactory.getLogger(UnknownSettingCheck.class);
  private static final String PREFIX = "AGENTLEDGER_";

  /**
   * Variables of the script and of the client, of which no setting has the name, and those of each
   * start, which is not delayed by a search for the names of all settings then.
   */
  private static final Set<String> EXPECTED =
      Set.of(
          "AGENTLEDGER_AOT_CACHE_DELAY",
          "AGENTLEDGER_BUILD",
          "AGENTLEDGER_CLIENT",
          "AGENTLEDGER_COMMAND",
          "AGENTLEDGER_HOME",
          "AGENTLEDGER_JAVA_OPTS",
          "AGENTLEDGER_KEY",
          "AGENTLEDGER_LAUNCHER",
          "AGENTLEDGER_PORT",
          "AGENTLEDGER_REVISION",
          "AGENTLEDGER_RSOCKET_PORT",
          "AGENTLEDGER_SANDBOX",
          "AGENTLEDGER_URL");

  @EventListener
  void check(ApplicationReadyEvent ready) {
    var context = ready.getApplicationContext();
    var variables = candidates(context.getEnvironment().getSystemEnvironment().keySet());
    if (variables.isEmpty()) return;
    var settings =
        context.getBeansWithAnnotation(ConfigurationProperties.class).values().stream()
            .<Class<?>>map(Object::getClass)
            .toList();
    for (String variable : findUnknown(variables, settings))
      log.atWarn()
          .addKeyValue("variable", variable)
          .log("no setting has this name, so it has no effect; docs/operations.md lists settings");
  }

  private static List<String> candidates(Collection<String> variables) {
    return variables.stream()
        .filter(name -> upperCase(name).startsWith(PREFIX) && !EXPECTED.contains(name))
        .sorted()
        .toList();
  }

  /**
   * Returns the variables that belong to none of these settings.
   *
   * @param settings records with {@link ConfigurationProperties}
   */
  static List<String> findUnknown(
      Collection<String> variables, Collection<? extends Class<?>> settings) {
    var known =
        settings.stream()
            .filter(Class::isRecord)
            .flatMap(type -> names(prefix(type), type))
            .flatMap(UnknownSettingCheck::variables)
            .collect(Collectors.toSet());
    return candidates(variables).stream().filter(name -> !isKnown(upperCase(name), known)).toList();
  }

  private static String prefix(Class<?> settings) {
    return settings.getAnnotation(ConfigurationProperties.class).value();
  }

  private static String upperCase(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  private static boolean isKnown(String variable, Set<String> known) {
    return known.stream()
        .anyMatch(name -> name.endsWith("_") ? variable.startsWith(name) : variable.equals(name));
  }

  /** Returns the names that Spring reads: dashes as underscores, or without dashes. */
  private static Stream<String> variables(String setting) {
    String variable = upperCase(setting).replace('.', '_');
    return Stream.of(variable.replace('-', '_'), variable.replace("-", ""));
  }

  /** Returns the names of all settings below a record; those of parts end with a dot. */
  private static Stream<String> names(String prefix, Class<?> settings) {
    return Stream.of(settings.getRecordComponents()).flatMap(part -> names(prefix, part));
  }

  private static Stream<String> names(String prefix, RecordComponent part) {
    String name = prefix + "." + DataObjectPropertyName.toDashedForm(part.getName());
    var type = part.getType();
    if (type.isRecord()) return names(name, type);
    boolean hasParts = Map.class.isAssignableFrom(type) || Collection.class.isAssignableFrom(type);
    return hasParts ? Stream.of(name, name + ".") : Stream.of(name);
  }
}
