package io.agentledger.gateway.docs;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import io.agentledger.api.shared.StableName;
import io.agentledger.gateway.ProductClasses;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.serialization.Revision;

/** Classes of all modules and the calls between them, read with ArchUnit. */
final class ProductModel {
  private static final Pattern FEATURE =
      Pattern.compile(
          "io\\.agentledger\\.(?:api|command|projection|query|gateway)\\.([a-z]+)(?:\\..*)?");

  /** Packages that all features use, which belong to no feature. */
  private static final Set<String> NO_FEATURES = Set.of("shared", "support");

  private final JavaClasses classes = ProductClasses.inPackage("io.agentledger");

  /** Returns the features by name. */
  Set<String> features() {
    var features = new TreeSet<String>();
    for (var type : classes) {
      var matcher = FEATURE.matcher(type.getPackageName());
      if (matcher.matches() && !NO_FEATURES.contains(matcher.group(1)))
        features.add(matcher.group(1));
    }
    return features;
  }

  /** Returns the stable name of a message, by which it is stored, sent and counted. */
  static String name(JavaClass type) {
    return type.tryGetAnnotationOfType(StableName.class)
        .map(StableName::value)
        .orElseGet(type::getSimpleName);
  }

  private Stream<JavaClass> types(Predicate<JavaClass> filter) {
    return classes.stream().filter(filter).sorted(Comparator.comparing(JavaClass::getName));
  }

  private static boolean isOf(JavaClass type, String side, String feature) {
    var own = "io.agentledger." + side + "." + feature;
    return type.getPackageName().equals(own) || type.getPackageName().startsWith(own + ".");
  }

  /**
   * Returns the records of a feature's sealed families with that suffix, including sub-families.
   */
  private List<JavaClass> messages(String feature, String ending) {
    return types(
            type ->
                isOf(type, "api", feature)
                    && type.isRecord()
                    && type.getAllRawInterfaces().stream()
                        .anyMatch(
                            family ->
                                isOf(family, "api", feature)
                                    && family.getSimpleName().endsWith(ending)))
        .toList();
  }

  List<JavaClass> commands(String feature) {
    return messages(feature, "Command");
  }

  List<JavaClass> queries(String feature) {
    return messages(feature, "Query");
  }

  List<JavaClass> events(String feature) {
    return types(type -> isOf(type, "api", feature) && isEvent(type)).toList();
  }

  static boolean isEvent(JavaClass type) {
    return type.isAnnotatedWith(Revision.class);
  }

  private boolean isMessage(JavaClass type) {
    return type.isRecord()
        && type.getPackageName().startsWith("io.agentledger.api.")
        && type.getAllRawInterfaces().stream()
            .anyMatch(
                family ->
                    family.getSimpleName().endsWith("Command")
                        || family.getSimpleName().endsWith("Query"));
  }

  /** Returns the methods that handle a message of this type or of one of its families. */
  private List<JavaMethod> handlers(JavaClass message, Class<?> annotation) {
    return types(type -> true)
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isAnnotatedWith(annotation.getName()))
        .filter(method -> !method.getRawParameterTypes().isEmpty())
        .filter(
            method -> message.isAssignableTo(method.getRawParameterTypes().getFirst().getName()))
        .sorted(Comparator.comparing(JavaMethod::getFullName))
        .toList();
  }

  List<JavaMethod> commandHandlers(JavaClass command) {
    return handlers(command, CommandHandler.class);
  }

  List<JavaMethod> queryHandlers(JavaClass query) {
    return handlers(query, QueryHandler.class);
  }

  /** Returns the handlers of an event: projections, sagas, and components that enqueue jobs. */
  List<String> listeners(JavaClass event) {
    return Stream.concat(
            handlers(event, EventHandler.class).stream(),
            handlers(event, org.axonframework.modelling.saga.SagaEventHandler.class).stream())
        .map(method -> method.getOwner().getSimpleName())
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns the events that a command contains, and those that its handlers create. */
  List<String> eventsOf(JavaClass command, List<JavaMethod> handlers) {
    var events = new TreeSet<>(names(constructedTypes(handlers, ProductModel::isEvent)));
    var fieldTypes = fieldTypes(command).toList();
    types(
            type ->
                isEvent(type) && fieldTypes.stream().anyMatch(type.getAllRawInterfaces()::contains))
        .forEach(event -> events.add(name(event)));
    return List.copyOf(events);
  }

  /** Returns the types of a message's fields, including those of nested records. */
  private static Stream<JavaClass> fieldTypes(JavaClass message) {
    return message.getFields().stream()
        .flatMap(field -> field.getAllInvolvedRawTypes().stream())
        .flatMap(
            type ->
                type.getEnclosingClass().filter(message::equals).isPresent()
                    ? fieldTypes(type)
                    : Stream.of(type));
  }

  /**
   * Returns the commands and queries that a route sends, directly or by methods that it calls in
   * the gateway.
   */
  List<String> messagesOf(JavaMethod route) {
    return names(messageTypesOf(route));
  }

  /** Returns the types of {@link #messagesOf}. */
  Set<JavaClass> messageTypesOf(JavaMethod route) {
    return constructedTypes(List.of(route), this::isMessage);
  }

  /**
   * Returns the types that methods create, directly or by methods that they call in their module.
   */
  private static Set<JavaClass> constructedTypes(
      List<JavaMethod> from, Predicate<JavaClass> filter) {
    var made = new TreeSet<>(Comparator.comparing(JavaClass::getName));
    var seen = new HashSet<JavaCodeUnit>();
    var open = new ArrayDeque<JavaCodeUnit>(from);
    while (!open.isEmpty()) {
      var unit = open.poll();
      if (!seen.add(unit)) continue;
      var uses = uses(unit);
      for (var use : uses)
        if (use.getName().equals("<init>") && filter.test(use.getTargetOwner()))
          made.add(use.getTargetOwner());
      uses.stream()
          .filter(call -> side(call.getTargetOwner()).equals(side(unit.getOwner())))
          .flatMap(call -> call.getTarget().resolveMember().stream())
          .forEach(open::add);
    }
    return made;
  }

  private static List<String> names(Set<JavaClass> types) {
    return types.stream().map(ProductModel::name).sorted().distinct().toList();
  }

  private static List<JavaCodeUnitAccess<?>> uses(JavaCodeUnit unit) {
    return Stream.<java.util.Collection<? extends JavaCodeUnitAccess<?>>>of(
            unit.getCallsFromSelf(),
            unit.getMethodReferencesFromSelf(),
            unit.getConstructorReferencesFromSelf())
        .<JavaCodeUnitAccess<?>>flatMap(java.util.Collection::stream)
        .toList();
  }

  private static String side(JavaClass type) {
    var parts = type.getPackageName().split("\\.");
    return parts.length > 2 && parts[1].equals("agentledger") ? parts[2] : "";
  }

  /** The methods of a feature's controllers that carry such an annotation. */
  List<JavaMethod> routes(String feature, Class<?> annotation) {
    return types(type -> isOf(type, "gateway", feature))
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isAnnotatedWith(annotation.getName()))
        .sorted(Comparator.comparing(JavaMethod::getFullName))
        .toList();
  }
}
