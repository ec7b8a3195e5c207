package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.support.IdempotencyAnswers;
import io.agentledger.gateway.support.json.WireNames;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.spring.stereotype.Aggregate;
import org.axonframework.spring.stereotype.Saga;
import org.junit.jupiter.api.Test;

/**
 * Stored and public names other than those of events are in {@code names.lock}; those of events are
 * in the store's {@code events.lock}. A Java rename does not change a line there.
 */
class NamesLockTest {
  private static final Path LOCK = Path.of("names.lock");
  private static final Path ROOT = Path.of("..");
  private static final List<String> MODULES =
      List.of("api", "store", "command-side", "projections", "query-side", "gateway");

  private static final JavaClasses PRODUCT = ProductClasses.inPackage("io.agentledger");

  private final TreeMap<String, String> lines = new TreeMap<>();

  @Test
  void theNamesAreTheLockedOnes() throws IOException {
    messages("command", CommandHandler.class);
    messages("query", QueryHandler.class);
    resources();
    views();
    stream();
    rejections();
    aggregatesAndSagas();
    columns();
    IdempotencyAnswers.names().forEach(name -> add("idempotency answer " + name));
    sources();
    new StoredShapes(PRODUCT, lines).add();
    SettingKeys.of(PRODUCT).forEach((key, values) -> lines.put("setting " + key, values));
    var now =
        lines.entrySet().stream()
            .map(line -> line.getKey() + line.getValue() + "\n")
            .collect(Collectors.joining());
    if (Boolean.getBoolean("names.update")) Files.writeString(LOCK, now);
    assertThat(Files.readString(LOCK))
        .as(
            "A stored or public name has changed. A released name never does: give the renamed"
                + " class the old name with @StableName, give a renamed record component its old"
                + " JSON key, or migrate what is stored. A changed shape of a snapshot needs a higher"
                + " @Revision of its aggregate. A name that is new, or was never released,"
                + " is locked by mvn -pl gateway -am test -Dtest=NamesLockTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dnames.update=true")
        .isEqualTo(now);
  }

  @Test
  void everyFamilyOfCommandsAndEveryAnswerThatIsRepeatedHasAName() {
    var handlers = handlers(CommandHandler.class).toList();
    assertThat(handlers).hasSizeGreaterThan(90);
    for (var handler : handlers) {
      assertThat(StableNames.of(payload(handler).getEnclosingClass())).isNotEmpty();
      if (!Idempotent.class.isAssignableFrom(payload(handler))) continue;
      var answer = handler.getRawReturnType().reflect();
      assertThat(handler.isConstructor()).as(handler.getFullName()).isFalse();
      if (answer == void.class) continue;
      assertThat(IdempotencyAnswers.contains(MethodType.methodType(answer).wrap().returnType()))
          .as(handler.getFullName() + " returns a type that IdempotencyAnswers must list")
          .isTrue();
    }
  }

  /** Axon addresses the deadlines of a saga by the simple name of its class. */
  @Test
  void theStableNameOfASagaIsThatOfItsClass() {
    annotated(Saga.class)
        .forEach(saga -> assertThat(StableNames.of(saga)).isEqualTo(saga.getSimpleName()));
  }

  private void add(String line) {
    lines.put(line, "");
  }

  private static Stream<Class<?>> annotated(Class<? extends Annotation> annotation) {
    return PRODUCT.stream()
        .filter(type -> type.isAnnotatedWith(annotation))
        .map(JavaClass::reflect);
  }

  private static Stream<JavaCodeUnit> handlers(Class<? extends Annotation> annotation) {
    return PRODUCT.stream()
        .flatMap(type -> type.getCodeUnits().stream())
        .filter(unit -> unit.isAnnotatedWith(annotation));
  }

  private static Class<?> payload(JavaCodeUnit handler) {
    return handler.getRawParameterTypes().getFirst().reflect();
  }

  private void messages(String sort, Class<? extends Annotation> annotation) {
    handlers(annotation)
        .map(NamesLockTest::payload)
        .forEach(type -> add(sort + " " + StableNames.of(type)));
  }

  /** Names of resources in ids and commands: the first word of codes such as session_not_found. */
  private void resources() {
    annotated(StableName.class)
        .filter(type -> Id.class.isAssignableFrom(type) || isFamilyOfCommands(type))
        .forEach(type -> add("resource " + StableNames.of(type)));
  }

  private static boolean isFamilyOfCommands(Class<?> type) {
    return type.isInterface() && type.isSealed();
  }

  private void views() {
    PRODUCT.stream()
        .filter(type -> type.getPackageName().startsWith("io.agentledger.api."))
        .filter(type -> type.getSimpleName().endsWith("View") && !type.isInterface())
        .map(JavaClass::reflect)
        .forEach(this::describe);
    annotated(StableName.class)
        .filter(IdempotencyAnswers::contains)
        .filter(type -> !Id.class.isAssignableFrom(type))
        .forEach(this::describe);
  }

  private void stream() {
    lines.put("stream item", fields(StreamItem.class));
    for (var body : StreamItem.Body.class.getPermittedSubclasses()) {
      lines.put("stream item " + StableNames.of(body), fields(body));
      for (var component : body.getRecordComponents()) describe(component.getGenericType());
    }
  }

  /** Adds the types of this project that a view contains, recursively. */
  private void describe(Type type) {
    if (type instanceof ParameterizedType generic) {
      Arrays.stream(generic.getActualTypeArguments()).forEach(this::describe);
      return;
    }
    if (!(type instanceof Class<?> plain)) return;
    if (!plain.getName().startsWith("io.agentledger.") || Id.class.isAssignableFrom(plain)) return;
    if (plain.isEnum()) return; // Its constants are added where it is used.
    var key = "json " + name(plain);
    if (lines.putIfAbsent(key, "") != null) return;
    if (plain.isSealed()) {
      lines.put(
          key,
          Arrays.stream(plain.getPermittedSubclasses())
              .map(StableNames::of)
              .collect(Collectors.joining(" | ", " = " + Discriminated.PROPERTY + " ", "")));
      Arrays.stream(plain.getPermittedSubclasses()).forEach(this::describe);
    } else if (plain.isRecord()) {
      lines.put(key, fields(plain));
      for (var component : plain.getRecordComponents()) describe(component.getGenericType());
    }
  }

  private static String fields(Class<?> record) {
    return Arrays.stream(record.getRecordComponents())
        .map(
            field ->
                "\n  "
                    + WireNames.toSnakeCase(field.getName())
                    + (field.getType() == Duration.class ? "_seconds" : "")
                    + ": "
                    + name(field.getGenericType()))
        .collect(Collectors.joining());
  }

  private static String constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> WireNames.nameOf((Enum<?>) constant))
        .collect(Collectors.joining(" | ", "(", ")"));
  }

  /** Returns the simple name of a class, which is not public; it only identifies the line here. */
  private static String name(Type type) {
    if (type instanceof ParameterizedType generic)
      return name(generic.getRawType())
          + Arrays.stream(generic.getActualTypeArguments())
              .map(NamesLockTest::name)
              .collect(Collectors.joining(", ", "<", ">"));
    if (type instanceof WildcardType) return "?";
    if (!(type instanceof Class<?> plain)) return type.getTypeName();
    if (plain.isEnum()) return constants(plain);
    if (plain.isRecord() && Discriminated.class.isAssignableFrom(plain))
      return name(plain.getInterfaces()[0]) + "." + StableNames.of(plain);
    var outer = plain.getEnclosingClass();
    return outer == null ? plain.getSimpleName() : name(outer) + "." + plain.getSimpleName();
  }

  private void rejections() {
    SampleRejections.all().forEach(rejection -> add("code " + rejection.code()));
  }

  private void aggregatesAndSagas() {
    annotated(Aggregate.class)
        .map(type -> type.getAnnotation(Aggregate.class).type())
        .peek(type -> assertThat(type).as("type of an aggregate").isNotEmpty())
        .forEach(
            type -> lines.put("aggregate " + type, ", audited as " + WireNames.toSnakeCase(type)));
    annotated(Saga.class).forEach(type -> add("saga " + StableNames.of(type)));
    annotated(ProcessingGroup.class)
        .forEach(type -> add("group " + type.getAnnotation(ProcessingGroup.class).value()));
    PRODUCT.stream()
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isAnnotatedWith(DeadlineHandler.class))
        .forEach(
            method ->
                add(
                    "deadline "
                        + method.getAnnotationOfType(DeadlineHandler.class).deadlineName()));
  }

  /** Enum constants in tables of read models are stored by their Java names. */
  private void columns() {
    annotated(Entity.class).forEach(type -> columns(type.getAnnotation(Table.class).name(), type));
  }

  private void columns(String table, Class<?> type) {
    for (var field : type.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())) continue;
      var constants = field.getType().getEnumConstants();
      if (constants != null)
        lines.put(
            "column " + table + "." + column(field),
            Arrays.stream(constants)
                .map(constant -> ((Enum<?>) constant).name())
                .collect(Collectors.joining(" | ", " = ", "")));
      if (field.getType().isAnnotationPresent(Embeddable.class)) columns(table, field.getType());
    }
  }

  private static String column(Field field) {
    var column = field.getAnnotation(Column.class);
    return column == null || column.name().isEmpty()
        ? WireNames.toSnakeCase(field.getName())
        : column.name();
  }

  private static final Pattern TEXT = Pattern.compile("\"([a-z][a-z0-9_.]*)\"");

  /** A name, or a constant; that of a serial job is passed to its superclass. */
  private static final Pattern JOB =
      Pattern.compile(
          "(?:Tasks\\s*\\.\\s*(?:recurring|oneTime|custom)|extends SerialJob[^;{]*\\{[\\s\\S]*?super)\\(\\s*([\"A-Z][^,)]*)");

  /** Codes that contain the name of the violated rule. */
  private static final Pattern RULE =
      Pattern.compile("new (?:Policy|Identity|Workspace)Refused\\(\\s*\"(\\w+)\"");

  /** Methods and constructors that pass such a rule on. */
  private static final Pattern RULE_HELPER =
      Pattern.compile("(?:static|public) (?:\\w+ )?(\\w+)\\(\\s*String rule, String detail\\)");

  private static final Pattern NAMED = Pattern.compile("new (?:NotFound|TooMany)\\(\\s*\"(\\w+)\"");

  /** Names that are arguments in the code: of jobs, metrics, spans and their tags. */
  private void sources() throws IOException {
    var names = new TreeSet<String>();
    var files = sourceFiles();
    var helpers = ruleHelpers(files);
    for (var file : files) {
      var source = Files.readString(file);
      JOB.matcher(source).results().forEach(job -> add("job " + text(file, job.group(1))));
      RULE.matcher(source).results().forEach(hit -> add("rule " + hit.group(1)));
      rulesOfHelpers(source, helpers.get(Path.of("")));
      rulesOfHelpers(source, helpers.getOrDefault(file, Set.of()));
      NAMED.matcher(source).results().forEach(hit -> add("resource " + hit.group(1)));
      if (source.contains("import io.micrometer.") || source.contains("new MetricsInterceptor<")) {
        MetricTags.add(source, lines);
        TEXT.matcher(source).results().forEach(hit -> names.add(hit.group(1)));
      }
    }
    assertThat(lines)
        .as("a rule of a helper of its own class, of another class, of an exception")
        .containsKeys("rule role_kept_by_issuer", "rule git_ref", "rule root_owned");
    assertThat(names).contains("agentledger.commands", "agentledger.runs", "outcome");
    names.forEach(name -> add("telemetry " + name));
  }

  /**
   * Returns regular expressions for the calls of methods that receive rules, by the files that may
   * contain them; under the empty name, those for every file.
   */
  private static Map<Path, Set<String>> ruleHelpers(List<Path> files) throws IOException {
    var helpers = new HashMap<Path, Set<String>>();
    for (var file : files) {
      var type = file.getFileName().toString().replace(".java", "");
      RULE_HELPER
          .matcher(Files.readString(file))
          .results()
          .map(helper -> helper.group(1))
          .forEach(
              name -> {
                boolean constructor = name.equals(type);
                var call = constructor ? "\\bnew " + type : "\\b" + type + "\\." + name;
                helpers.computeIfAbsent(Path.of(""), every -> new TreeSet<>()).add(call);
                if (!constructor)
                  helpers.computeIfAbsent(file, own -> new TreeSet<>()).add("(?<![.\\w])" + name);
              });
    }
    return helpers;
  }

  private void rulesOfHelpers(String source, Set<String> calls) {
    for (var call : calls)
      Pattern.compile(call + "\\(\\s*\"(\\w+)\"")
          .matcher(source)
          .results()
          .forEach(hit -> add("rule " + hit.group(1)));
  }

  private static List<Path> sourceFiles() throws IOException {
    var files = new ArrayList<Path>();
    for (var module : MODULES)
      try (var found = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        found.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
      }
    return files;
  }

  /** Returns the value of a literal, or of a constant of this class or package. */
  private static String text(Path file, String argument) {
    if (argument.startsWith("\"")) return argument.replace("\"", "");
    var parts = argument.split("\\.");
    var where = parts.length == 1 ? file : file.resolveSibling(parts[0] + ".java");
    try {
      var constant =
          Pattern.compile("String " + parts[parts.length - 1] + " = \"([^\"]+)\"")
              .matcher(Files.readString(where));
      assertThat(constant.find()).as(argument + " in " + where).isTrue();
      return constant.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
