package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.github.kagkarlsson.scheduler.task.Task;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.rsocket.RSocketBody;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.store.event.JsonMappers;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.messaging.handler.annotation.MessageMapping;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.json.JsonMapper;

/**
 * Formats of stored data beside events, and of RSocket data, each as the mapper that writes it
 * produces it. Types are found by their use, so that new ones are included.
 */
final class StoredShapes {
  private static final String OURS = "io.agentledger.";
  private static final List<String> STORING =
      List.of("store", "command-side", "projections", "query-side");

  private static final JsonMapper STORED = JsonMappers.mapper();
  private static final JsonMapper JOBS = JsonMapper.shared();
  private static final JsonMapper WIRE = new WireJson().mapper();

  /** The mapper, and the type that it reads or writes. */
  private static final Pattern JSON_OF_TYPE =
      Pattern.compile(
          "\\b(\\w+)\\s*\\.(?:readValue|treeToValue|readerFor|writerFor)\\("
              + "[^;]*?\\b([A-Z]\\w*(?:\\.[A-Z]\\w*)*)(?:\\[])?\\.class\\)");

  private static final Pattern JSON_OF_NEW =
      Pattern.compile("\\b(\\w+)\\s*\\.writeValue\\w*\\(\\s*new ([A-Z]\\w*)");

  private static final Pattern CLASS =
      Pattern.compile("\\b([A-Z]\\w*(?:\\.[A-Z]\\w*)*)\\.class\\b");
  private static final Pattern JOB_DATA =
      Pattern.compile("Tasks\\s*\\.\\s*(?:oneTime|custom)\\([^,)]+,\\s*(?!Void\\.)(\\w+)\\.class");

  private static final Pattern TEXT = Pattern.compile("\"([a-z][a-z0-9_]*)\"");

  private final JavaClasses product;
  private final Map<String, String> lines;
  private final Set<String> described = new HashSet<>();

  /**
   * Creates the collector.
   *
   * @param lines map to which it adds formats
   */
  StoredShapes(JavaClasses product, Map<String, String> lines) {
    this.product = product;
    this.lines = lines;
  }

  void add() throws IOException {
    metadata();
    ids();
    sagas();
    snapshots();
    jobs();
    columns();
    json();
    rsocket();
  }

  /** Metadata of every event and message. */
  private void metadata() {
    for (var field : Provenance.class.getDeclaredFields())
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class)
        lines.put("metadata " + get(field), "");
    assertThat(lines.keySet())
        .containsAll(Provenance.KEYS.stream().map(key -> "metadata " + key).toList());
    lines.put("metadata", " of every event: " + String.join(", ", Provenance.KEYS));
  }

  /** Prefixes of ids. */
  private void ids() {
    product.stream()
        .filter(type -> type.isAssignableTo(Id.class))
        .map(JavaClass::reflect)
        .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
        .filter(field -> field.getName().equals("PREFIX"))
        .forEach(
            field -> lines.put("id " + name(field.getDeclaringClass()), " = " + get(field) + "_"));
  }

  private void sagas() {
    annotated(Saga.class)
        .forEach(
            saga -> {
              var associations =
                  Arrays.stream(saga.getDeclaredMethods())
                      .map(method -> method.getAnnotation(SagaEventHandler.class))
                      .filter(handler -> handler != null)
                      .map(SagaEventHandler::associationProperty)
                      .distinct()
                      .sorted()
                      .collect(Collectors.joining(", "));
              lines.put("saga found by " + StableNames.of(saga), " " + associations);
              lines.put(
                  "saga state " + StableNames.of(saga), fields(STORED, STORED.constructType(saga)));
            });
  }

  private void snapshots() {
    annotated(Aggregate.class)
        .filter(type -> !type.getAnnotation(Aggregate.class).snapshotTriggerDefinition().isEmpty())
        .forEach(
            type -> {
              var aggregate = type.getAnnotation(Aggregate.class).type();
              var revision = type.getAnnotation(Revision.class);
              assertThat(revision).as("@Revision of snapshots of " + aggregate).isNotNull();
              lines.put(
                  "snapshot " + aggregate,
                  " @" + revision.value() + fields(STORED, STORED.constructType(type)));
            });
  }

  /** Data of jobs: the types of the tasks that a method returns. */
  private void jobs() throws IOException {
    var found = new TreeSet<String>();
    product.stream()
        .map(JavaClass::reflect)
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method -> Task.class.isAssignableFrom(method.getReturnType()))
        .map(Method::getGenericReturnType)
        .forEach(
            task -> {
              var data = ((ParameterizedType) task).getActualTypeArguments()[0];
              if (data == Void.class) return;
              found.add(data.getTypeName());
              describe("job data", JOBS, JOBS.constructType(data));
            });
    int named = 0;
    for (var file : sources(STORING))
      named += (int) JOB_DATA.matcher(Files.readString(file)).results().count();
    assertThat(found).as("types of data of jobs").hasSize(named);
  }

  private void columns() {
    product.stream()
        .filter(type -> type.isAssignableTo(JsonConverter.class))
        .map(JavaClass::reflect)
        .filter(type -> type != JsonConverter.class)
        .forEach(
            type -> {
              Type value =
                  ((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments()[0];
              describe("stored", STORED, STORED.constructType(value));
            });
  }

  /**
   * Types that are read from JSON or written as JSON: secrets, manifests, files, columns. Each with
   * its mapper.
   */
  private void json() throws IOException {
    for (var file : sources(STORING)) {
      var source = Files.readString(file);
      if (source.contains("StandardOpenOption.APPEND"))
        TEXT.matcher(source).results().forEach(hit -> lines.put("file " + hit.group(1), ""));
      for (var pattern : List.of(JSON_OF_TYPE, JSON_OF_NEW))
        for (var hit : pattern.matcher(source).results().toList()) {
          var type = find(file, source, hit.group(2));
          if (type.getName().startsWith(OURS))
            describe("stored", mapper(file, hit.group(1)), STORED.constructType(type));
        }
    }
    assertThat(lines)
        .containsKeys(
            "stored SealedContent",
            "stored SecretValue",
            "stored Manifest",
            "stored ModelExchange");
  }

  private void rsocket() throws IOException {
    var controllers = new TreeSet<String>();
    product.stream()
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isAnnotatedWith(MessageMapping.class))
        .forEach(
            method -> {
              controllers.add(method.getOwner().getName());
              for (var route : method.getAnnotationOfType(MessageMapping.class).value())
                lines.put("route " + route, "");
            });
    assertThat(controllers).hasSizeGreaterThan(5);
    controllers.add(RSocketBody.class.getName());
    for (var name : controllers) {
      for (var nested : load(name).getDeclaredClasses())
        if (nested.isRecord() || nested.isSealed())
          describe("rsocket", WIRE, WIRE.constructType(nested));
      var file =
          ApiTestServer.root()
              .resolve("gateway/src/main/java")
              .resolve(name.replace('.', '/') + ".java");
      var source = Files.readString(file);
      for (var hit : CLASS.matcher(source).results().toList()) {
        var type = find(file, source, hit.group(1));
        if (type.isRecord() || type.isSealed()) describe("rsocket", WIRE, WIRE.constructType(type));
      }
    }
  }

  /** Adds types of this project that have no line yet, recursively. */
  private void describe(String sort, JsonMapper mapper, JavaType type) {
    for (var argument : arguments(type)) describe(sort, mapper, argument);
    var plain = type.getRawClass();
    if (!plain.getName().startsWith(OURS) || Id.class.isAssignableFrom(plain)) return;
    if (plain.isArray() || !described.add(System.identityHashCode(mapper) + type.toCanonical()))
      return;
    var key = sort + " " + name(type);
    var shape = shape(sort, mapper, type);
    var known = lines.putIfAbsent(key, shape);
    if (known != null && !known.equals(shape)) lines.put(key + " by another mapper", shape);
  }

  private String shape(String sort, JsonMapper mapper, JavaType type) {
    var plain = type.getRawClass();
    if (plain.isEnum())
      return Arrays.stream(plain.getEnumConstants())
          .map(constant -> mapper.writeValueAsString(constant).replace("\"", ""))
          .collect(Collectors.joining(" | ", " = ", ""));
    if (plain.isSealed()) {
      for (var permitted : plain.getPermittedSubclasses())
        describe(sort, mapper, mapper.constructType(permitted));
      return Arrays.stream(plain.getPermittedSubclasses())
          .map(permitted -> alternative(plain, permitted))
          .collect(Collectors.joining(" | ", " = ", ""));
    }
    return fields(sort, mapper, type);
  }

  private static String alternative(Class<?> sealed, Class<?> permitted) {
    if (permitted.isAnnotationPresent(StableName.class)) return StableNames.of(permitted);
    var named = sealed.getAnnotation(JsonSubTypes.class);
    if (named != null)
      for (var one : named.value()) if (one.value() == permitted) return one.name();
    return permitted.getSimpleName();
  }

  private String fields(JsonMapper mapper, JavaType type) {
    return fields("stored", mapper, type);
  }

  private String fields(String sort, JsonMapper mapper, JavaType type) {
    var context = mapper._serializationContext();
    var properties =
        context
            .introspectBeanDescription(type, context.introspectClassAnnotations(type))
            .findProperties()
            .stream()
            .filter(BeanPropertyDefinition::couldSerialize)
            .toList();
    properties.forEach(property -> describe(sort, mapper, property.getPrimaryType()));
    return properties.stream()
        .map(
            property ->
                "\n  " + wireName(mapper, property) + ": " + name(property.getPrimaryType()))
        .sorted()
        .collect(Collectors.joining());
  }

  /** The module of the API adds the unit when the mapper writes the property. */
  private static String wireName(JsonMapper mapper, BeanPropertyDefinition property) {
    boolean unit =
        mapper == WIRE
            && property.getRawPrimaryType() == Duration.class
            && !property.getName().endsWith("_ms");
    return property.getName() + (unit ? "_seconds" : "");
  }

  private static List<JavaType> arguments(JavaType type) {
    if (type.isArrayType()) return List.of(type.getContentType());
    return IntStream.range(0, type.containedTypeCount()).mapToObj(type::containedType).toList();
  }

  /** Returns a name that identifies the line, as in the rest of the lock file. */
  private static String name(JavaType type) {
    if (type.isArrayType()) return name(type.getContentType()) + "[]";
    var name = name(type.getRawClass());
    return type.containedTypeCount() == 0
        ? name
        : arguments(type).stream()
            .map(StoredShapes::name)
            .collect(Collectors.joining(", ", name + "<", ">"));
  }

  private static String name(Class<?> type) {
    var outer = type.getEnclosingClass();
    return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
  }

  private Stream<Class<?>> annotated(Class<? extends Annotation> annotation) {
    return product.stream()
        .filter(type -> type.isAnnotatedWith(annotation))
        .map(JavaClass::reflect);
  }

  private static List<Path> sources(List<String> modules) throws IOException {
    var all = Stream.<Path>builder();
    for (var module : modules)
      try (var files = Files.walk(ApiTestServer.root().resolve(module).resolve("src/main/java"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(all);
      }
    return all.build().sorted().toList();
  }

  /** Returns the mapper in a constant of the file's class, or of another class of its package. */
  private JsonMapper mapper(Path file, String constant) {
    var owner = className(file);
    var owners =
        Stream.concat(
            Stream.of(load(owner)),
            product.stream()
                .filter(type -> owner.startsWith(type.getPackageName() + "."))
                .filter(type -> type.getPackageName().equals(load(owner).getPackageName()))
                .map(JavaClass::reflect));
    return owners
        .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
        .filter(field -> field.getName().equals(constant))
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(StoredShapes::get)
        .filter(JsonMapper.class::isInstance)
        .map(JsonMapper.class::cast)
        .findFirst()
        .orElse(JOBS);
  }

  private static Object get(Field field) {
    try {
      field.setAccessible(true);
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String className(Path file) {
    var path = file.toString().replace('\\', '/');
    return path.substring(path.indexOf("src/main/java/") + "src/main/java/".length())
        .replace(".java", "")
        .replace('/', '.');
  }

  /**
   * Resolves a name in a file: a type nested in its class, in its package, imported, or of
   * java.lang.
   */
  private static Class<?> find(Path file, String source, String name) {
    var owner = className(file);
    var first = name.split("\\.")[0];
    var imported =
        Pattern.compile("import ([\\w.]+\\." + first + ");").matcher(source).results().findFirst();
    var rest = name.substring(first.length());
    return Stream.of(
            imported.map(hit -> hit.group(1) + rest).orElse(owner + "." + name),
            owner + "." + name,
            owner.substring(0, owner.lastIndexOf('.')) + "." + name,
            "java.lang." + name)
        .map(StoredShapes::tryLoad)
        .filter(type -> type != null)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " in " + file));
  }

  private static Class<?> load(String name) {
    var type = tryLoad(name);
    if (type == null) throw new IllegalStateException(name);
    return type;
  }

  private static Class<?> tryLoad(String name) {
    for (var binary = name; ; ) {
      try {
        return Class.forName(binary, false, StoredShapes.class.getClassLoader());
      } catch (ClassNotFoundException e) {
        int dot = binary.lastIndexOf('.');
        if (dot < 0) return null;
        binary = binary.substring(0, dot) + "$" + binary.substring(dot + 1);
      }
    }
  }
}
