package io.agentledger.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.annotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAll;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import java.io.DataInput;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** Rules of the architecture, checked over the classes of all modules. */
class ArchitectureTest {
  /**
   * Features that a feature may call, in addition to itself, {@code api}, {@code store} and its
   * module's support.
   */
  private static final Map<String, Set<String>> ALLOWED_PAIRS =
      Map.ofEntries(
          // The session's job hands a run to the CLI, through the one port Runner.
          Map.entry("command.session", Set.of("command.claude")),
          // The model gateway provides the endpoint of the CLI's model; MCP servers are called
          // through the port ToolServers.
          Map.entry("command.claude", Set.of("command.model", "command.mcp")),
          // Traces contain the times of model exchanges, which the model gateway knows.
          Map.entry("command.ops", Set.of("command.model")),
          // The quota decides the model gateway's spending, through the port Allowances. It
          // measures the workspaces of WorkspaceRoot.
          Map.entry("command.quota", Set.of("command.model", "command.claude")),
          // Runs of the CLI evaluate policies through the port Policies.
          Map.entry("command.permission", Set.of("command.claude")),
          // Hooks are called for the CLI's runs, through the port Hooks.
          Map.entry("command.hook", Set.of("command.claude")),
          // The operator's limits of environments for the sandbox.
          Map.entry("command.environment", Set.of("command.claude")),
          // A session that is opened from a template is rendered by the template feature; the MCP
          // servers and hooks that it defines are described and validated as registered ones are.
          Map.entry("gateway.session", Set.of("gateway.template", "gateway.mcp", "gateway.hook")),
          // A task is validated and rendered as a template is.
          Map.entry("gateway.task", Set.of("gateway.template")),
          // The tasks of a flow are rendered as templates are.
          Map.entry("gateway.flow", Set.of("gateway.template")),
          // A trigger may start a flow, which is requested as others are. Its values of variables
          // are checked as those of templates are.
          Map.entry("gateway.trigger", Set.of("gateway.flow", "gateway.template")),
          // Triggers ignore the comments of flows, which have a marker.
          Map.entry("command.trigger", Set.of("command.flow")),
          // A chat sends its messages as queries to a session.
          Map.entry("gateway.chat", Set.of("gateway.session")),
          // The terminal client uses sessions, agents, tasks, flows, triggers, channels, the audit,
          // reports, the status of the service, and the benchmark.
          Map.entry(
              "client.cli",
              Set.of(
                  "client.session",
                  "client.agent",
                  "client.ops",
                  "client.bench",
                  "client.task",
                  "client.flow",
                  "client.trigger",
                  "client.template",
                  "client.chat",
                  "client.channel",
                  "client.audit",
                  "client.report",
                  "client.subscription")),
          // A flow publishes the files of a session's checkpoint, through the checked connection to
          // its repository.
          Map.entry("command.flow", Set.of("command.workspace", "command.claude")),
          // Workspaces are staged in the directories of the CLI's sessions, through the port
          // WorkspaceRoot.
          Map.entry("command.workspace", Set.of("command.claude")));

  private static final Pattern FEATURE =
      Pattern.compile("io\\.agentledger\\.(command|projection|query|gateway|client)\\.([a-z]+)");

  private static JavaClasses productClasses;

  @BeforeAll
  static void read() {
    productClasses = ProductClasses.inPackage("io.agentledger");
  }

  /**
   * Exempt are directory trees of agents, which are staged as a whole, parts of reports, which are
   * only read by the job that writes them, files of the kernel, the terminal client, and a module
   * that does not depend on the store.
   */
  private static final String WRITES_FILES =
      "io\\.agentledger\\.(client\\..*"
          + "|command\\.workspace\\..*"
          + "|command\\.report\\..*"
          + "|command\\.claude\\.(projectconfig|snapshot)\\..*"
          + "|command\\.claude\\.sandbox\\.ControlGroups"
          + "|gateway\\.ops\\.ServiceFileWriter"
          + "|store\\.postgres\\.(DataDirectory|PostgresBinaries))";

  /**
   * Exempt are the terminal client, which one user has for himself, YAML, whose parser has no table
   * of names, and a class that has the mapper of WireJson.
   */
  private static final String READS_TRUSTED_BYTES =
      "io\\.agentledger\\.(client\\..*|command\\.model\\.usage\\.Prices"
          + "|gateway\\.support\\.json\\.BodyViolations)";

  private static final Set<String> UNTRUSTED_MAPPERS =
      Set.of(
          "UntrustedJson",
          "JsonMappers",
          "ColumnJsonMapper",
          "LenientJson",
          "ModelRequestBody",
          "PlainJson",
          "WireJson");

  /** Exempt are the terminal client, those that make factories, and one that only writes. */
  private static final String MAKES_JSON_FACTORIES =
      "io\\.agentledger\\.(client\\..*|store\\.support\\.UntrustedJson"
          + "|command\\.report\\.render\\.JsonReportRenderer"
          + "|gateway\\.support\\.json\\.PlainJson)";

  @Test
  void mappersOfJsonHaveNoTableOfNames() {
    noClasses()
        .that()
        .haveNameNotMatching(MAKES_JSON_FACTORIES)
        .should()
        .callCodeUnitWhere(
            describe(
                "makes a mapper or factory of its own",
                call ->
                    Set.of(
                                "io.modelcontextprotocol.json.McpJsonDefaults",
                                "tools.jackson.databind.json.JsonMapper",
                                "tools.jackson.databind.ObjectMapper",
                                "tools.jackson.core.json.JsonFactory")
                            .contains(call.getTargetOwner().getName())
                        && (Set.of("getMapper", "shared", "builder", "builderWithJackson2Defaults")
                                .contains(call.getName())
                            || call.getName().equals("<init>"))
                        && call.getTarget().getRawParameterTypes().isEmpty()))
        .because("names of equal hashes would spoil the table for everybody; see UntrustedJson")
        .check(productClasses);
  }

  @Test
  void jsonBytesAreReadWithoutASharedTableOfNames() {
    noClasses()
        .that()
        .haveNameNotMatching(READS_TRUSTED_BYTES)
        .and(
            describe(
                "have no mapper for untrusted bytes",
                type ->
                    outermost(type).getDirectDependenciesFromSelf().stream()
                        .noneMatch(
                            use ->
                                UNTRUSTED_MAPPERS.contains(use.getTargetClass().getSimpleName()))))
        .should()
        .callMethodWhere(
            describe(
                "parses bytes",
                call ->
                    call.getTargetOwner().getPackageName().startsWith("tools.jackson.")
                        && Set.of("readTree", "readValue", "readValues", "createParser")
                            .contains(call.getName())
                        && call.getTarget().getRawParameterTypes().stream()
                            .anyMatch(
                                type ->
                                    Stream.of(
                                            byte[].class,
                                            InputStream.class,
                                            DataInput.class,
                                            File.class,
                                            Path.class)
                                        .anyMatch(type::isAssignableTo))))
        .because("names of equal hashes would spoil the table for everybody; see UntrustedJson")
        .check(productClasses);
  }

  @Test
  void mapsAndSetsAreCopiedByOrderedCopy() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.agentledger.client..")
        .should()
        .callMethodWhere(
            describe(
                "copies a map or set",
                call ->
                    Set.of("java.util.Map", "java.util.Set")
                            .contains(call.getTargetOwner().getName())
                        && call.getName().equals("copyOf")))
        .because("names of equal hashes need quadratic time, and the order is random")
        .check(productClasses);
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  @Test
  void filesOfTheServiceAreWrittenByDurableFilesAlone() {
    noClasses()
        .that()
        .haveNameNotMatching(WRITES_FILES)
        .should()
        .callMethodWhere(
            describe(
                "writes a file in place",
                call ->
                    call.getTargetOwner().isEquivalentTo(Files.class)
                        && Set.of("write", "writeString", "newOutputStream", "newBufferedWriter")
                            .contains(call.getName())))
        .because("half a file is worse than none; see DurableFiles")
        .check(productClasses);
  }

  @Test
  void everyModuleIsChecked() {
    var sides = new TreeSet<String>();
    for (var type : productClasses) sides.add(type.getPackageName().split("\\.")[2]);
    assertThat(sides).contains("api", "store", "command", "projection", "query", "gateway");
  }

  @Test
  void apiModuleDependsOnNeitherSpringJpaNorJackson() {
    noClasses()
        .that()
        .resideInAPackage("io.agentledger.api..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..",
            "jakarta..",
            "tools.jackson..",
            "com.fasterxml..",
            "io.agentledger.store..",
            "io.agentledger.command..",
            "io.agentledger.projection..",
            "io.agentledger.query..",
            "io.agentledger.gateway..")
        .check(productClasses);
  }

  @Test
  void dataFlowsInOneDirection() {
    mayNot("io.agentledger.store..", "command", "projection", "query", "gateway", "client");
    mayNot("io.agentledger.command..", "projection", "query", "gateway", "client");
    mayNot("io.agentledger.projection..", "command", "query", "gateway", "client");
    mayNot("io.agentledger.query..", "command", "gateway", "client");
    mayNot("io.agentledger.gateway..", "store", "command", "projection", "query", "client");
  }

  private static void mayNot(String from, String... sides) {
    var directories = new String[sides.length];
    for (int i = 0; i < sides.length; i++) directories[i] = "io.agentledger." + sides[i] + "..";
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(directories)
        .check(productClasses);
  }

  @Test
  void featureImportsOnlyItselfAndSharedPackages() {
    classes()
        .that()
        .resideInAPackage("io.agentledger..")
        .should(importOnlyTheirFeature())
        .check(productClasses);
  }

  private static ArchCondition<JavaClass> importOnlyTheirFeature() {
    return new ArchCondition<>("stay in their feature") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var own = FEATURE.matcher(type.getPackageName());
        if (!own.lookingAt()) return;
        for (var dependency : type.getDirectDependenciesFromSelf()) {
          var other = FEATURE.matcher(dependency.getTargetClass().getPackageName());
          if (other.lookingAt() && !isAllowed(own, other))
            events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
        }
      }
    };
  }

  private static boolean isAllowed(Matcher own, Matcher other) {
    if (own.group().equals(other.group()) || other.group(2).equals("support")) return true;
    if (own.group(1).equals("query") && other.group(1).equals("projection")) return true;
    return ALLOWED_PAIRS
        .getOrDefault(own.group(1) + "." + own.group(2), Set.of())
        .contains(other.group(1) + "." + other.group(2));
  }

  @Test
  void featureDependenciesHaveNoCycle() {
    for (var from : ALLOWED_PAIRS.keySet()) {
      var reached = new TreeSet<String>();
      reach(from, reached);
      assertThat(reached).as("what %s reaches", from).doesNotContain(from);
    }
  }

  @Test
  void runnerPackagesHaveNoCycle() {
    slices()
        .matching("io.agentledger.command.(**)")
        .should()
        .beFreeOfCycles()
        .check(productClasses.that(resideInAnyPackage("io.agentledger.command.claude..")));
  }

  private static void reach(String from, Set<String> reached) {
    for (var next : ALLOWED_PAIRS.getOrDefault(from, Set.of()))
      if (reached.add(next)) reach(next, reached);
  }

  @Test
  void typeNamesFollowTheNamingRules() {
    classes()
        .that()
        .resideInAPackage("io.agentledger..")
        .should()
        .haveNameNotMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl|Dto|DTO)(\\$.*)?")
        .check(productClasses);
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..", "..common..", "..manager..", "..helper..", "..impl..", "..dto..")
        .check(productClasses.that(resideInAnyPackage("io.agentledger..")));
  }

  @Test
  void valueAnnotationsAreNotUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.springframework.beans.factory.annotation.Value")
        .check(productClasses);
  }

  /** Generated bean definitions lose it, and Spring then closes the bean (decision 0147). */
  @Test
  void destroyMethodsOfBeansAreNotSwitchedOff() {
    noMethods()
        .should()
        .beAnnotatedWith(
            describe(
                "an empty destroyMethod",
                annotation ->
                    annotation.getRawType().isEquivalentTo(Bean.class)
                        && annotation.get("destroyMethod").filter(""::equals).isPresent()))
        .check(productClasses);
  }

  @Test
  void everyPackageIsNullMarkedAndDocumented() {
    var marked = new TreeSet<String>();
    var all = new TreeSet<String>();
    for (var type : productClasses) {
      if (type.getSimpleName().equals("package-info")) {
        if (type.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
          marked.add(type.getPackageName());
      } else all.add(type.getPackageName());
    }
    assertThat(marked).containsAll(all);
  }

  @Test
  void aggregatesUseNeitherClockNorInputOutput() {
    noClasses()
        .that(annotatedWith("org.axonframework.spring.stereotype.Aggregate"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "java.io..", "java.nio..", "java.net..", "java.sql..", "javax.sql..", "reactor.."))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.Clock")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(productClasses);
  }

  @Test
  void commandsAreHandledOnTheCommandSideOnly() {
    methods()
        .that()
        .areAnnotatedWith(CommandHandler.class)
        .should()
        .beDeclaredInClassesThat(
            resideInAnyPackage("io.agentledger.command..", "io.agentledger.projection.ops.."))
        .check(productClasses);
  }

  @Test
  void everyMessageDeclaresWhoMaySendIt() {
    var silent = new TreeSet<String>();
    var request = 0;
    for (var type : productClasses) {
      if (!type.isRecord() || !type.getPackageName().startsWith("io.agentledger.api.")) continue;
      boolean message =
          type.getAllRawInterfaces().stream()
              .anyMatch(family -> family.getSimpleName().matches(".+(Command|Query)"));
      if (!message) continue;
      request++;
      var output =
          Stream.of(RequiresScope.class, PermitAll.class, InternalOnly.class)
              .filter(type::isAnnotatedWith);
      if (output.count() != 1) silent.add(type.getName());
    }
    assertThat(request).isGreaterThan(20);
    assertThat(silent).as("messages that say nothing of their senders").isEmpty();
  }

  @Test
  void tenantQueryIsScopedToItsTenant() {
    for (var type : productClasses)
      if (type.isRecord()
          && type.getPackageName().startsWith("io.agentledger.api.")
          && type.getName().contains("Query$")
          && type.tryGetMethod("tenant").isPresent())
        assertThat(type.isAssignableTo(TenantScoped.class)).as(type.getName()).isTrue();
  }

  @Test
  void projectionsSendNothing() {
    noClasses()
        .that()
        .resideInAPackage("io.agentledger.projection..")
        .and(not(resideInAnyPackage("io.agentledger.projection.report..")))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.axonframework.commandhandling.gateway.CommandGateway")
        .check(productClasses);
  }

  @Test
  void secretsAreUnsealedOnTheCommandSideOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.agentledger.gateway..", "io.agentledger.query..", "io.agentledger.projection..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.agentledger.api.vault.SecretReader")
        .check(productClasses);
  }

  @Test
  void controllerRoutesAreLimited() {
    for (var type : productClasses) {
      if (!type.isAnnotatedWith("org.springframework.web.bind.annotation.RestController")) continue;
      var routes =
          type.getMethods().stream()
              .filter(
                  method ->
                      method.getAnnotations().stream()
                          .anyMatch(a -> a.getRawType().getSimpleName().endsWith("Mapping")))
              .count();
      assertThat(routes).as(type.getName()).isBetween(1L, 12L);
    }
  }

  @Test
  void classSizesAreLimited() throws IOException {
    try (Stream<Path> files = Files.walk(ApiTestServer.root())) {
      var sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> file.toString().contains("/src/main/java/"))
              .toList();
      assertThat(sources).hasSizeGreaterThan(1_000);
      for (var source : sources)
        assertThat(Files.readAllLines(source)).as(source.toString()).hasSizeLessThanOrEqualTo(400);
    }
  }
}
