package io.agentledger.gateway.docs;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.agentledger.api.audit.AuditChange;
import io.agentledger.api.environment.EnvironmentCommand;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.hook.HookCommand;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyCommand;
import io.agentledger.api.permission.ToolGroupCommand;
import io.agentledger.api.report.ReportCommand;
import io.agentledger.api.report.ReportScheduleCommand;
import io.agentledger.api.report.ReportSubject;
import io.agentledger.api.report.ReportTemplateCommand;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.query.SearchFilter;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.subscription.DeliveryView;
import io.agentledger.api.subscription.SubscriptionCommand;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionFilter;
import io.agentledger.api.template.TemplateVariable;
import io.agentledger.api.vault.VaultCommand;
import io.agentledger.command.identity.shared.RoleScopes;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.ProductClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks written documents: their links are valid, indexes are complete, and names and numbers are
 * those of the code.
 */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern INDEXED =
      Pattern.compile("(?m)^\\| \\[(\\d{4}) ([^]]+)]\\(([^)]+)\\)");

  /** Row of a scope: its name, and the cells of the roles. */
  private static final Pattern SCOPE =
      Pattern.compile("(?m)^\\| `([a-z]+:[a-z_]+)` \\|[^|]+\\|(.*)$");

  private static final Pattern TYPE = Pattern.compile("`([A-Z]\\w+)`");

  @Test
  void everyRelativeLinkResolves() throws IOException {
    var broken = new ArrayList<String>();
    for (var document : documents())
      for (var link : LINK.matcher(prose(document)).results().toList())
        if (!resolves(document, link)) broken.add(document + " " + link.group());
    assertThat(broken).isEmpty();
  }

  private static boolean resolves(Path document, MatchResult link) throws IOException {
    var target = link.group(1).isEmpty() ? document : document.getParent().resolve(link.group(1));
    if (link.group(2) == null || !target.toString().endsWith(".md")) return Files.exists(target);
    return Files.exists(target) && anchors(target).contains(link.group(2));
  }

  private static List<String> anchors(Path document) throws IOException {
    return HEADING.matcher(prose(document)).results().map(match -> anchor(match.group(1))).toList();
  }

  /** Returns the anchor that GitHub generates for a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
  }

  private static String prose(Path document) throws IOException {
    return FENCED.matcher(Files.readString(document)).replaceAll("");
  }

  private static List<Path> documents() throws IOException {
    var root = ApiTestServer.root();
    var documents = new ArrayList<Path>();
    for (var folder : List.of(root, root.resolve("docs"), root.resolve("examples")))
      try (Stream<Path> files = Files.walk(folder, folder.equals(root) ? 1 : 2)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
      }
    assertThat(documents).hasSizeGreaterThan(60);
    return documents;
  }

  @Test
  void indexListsEveryPage() throws IOException {
    var index = ApiTestServer.root().resolve("docs/README.md");
    var listed =
        LINK.matcher(prose(index)).results().map(link -> link.group(1)).collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(index.getParent())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".md") && !name.equals("README.md"))
          .isSubsetOf(listed);
    }
  }

  @Test
  void walkOfAQueryNamesClassesThatExist() throws IOException {
    var types =
        ProductClasses.inPackage("io.agentledger").stream()
            .map(JavaClass::getSimpleName)
            .collect(Collectors.toSet());
    var page = Files.readString(ApiTestServer.root().resolve("docs/architecture.md"));
    var walk =
        page.substring(
            page.indexOf("## How a query is processed"), page.indexOf("## Authorization"));
    assertThat(TYPE.matcher(walk).results().map(type -> type.group(1)))
        .hasSizeGreaterThan(30)
        .isSubsetOf(types);
  }

  @Test
  void rehearsalPageListsEveryScenario() throws IOException {
    var page = Files.readString(ApiTestServer.root().resolve("docs/rehearsal.md"));
    var scenarios = ApiTestServer.root().resolve("command-side/src/main/resources/rehearsal");
    try (Stream<Path> files = Files.list(scenarios)) {
      for (var file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        var name = file.getFileName().toString().replace(".yaml", "");
        var about = Files.readAllLines(file).getFirst().replace("about: ", "");
        assertThat(page).contains("| `%s` | %s |".formatted(name, about));
      }
    }
  }

  /** Limits by their rows on the page. */
  private static final Map<String, Object> LIMITS =
      Map.ofEntries(
          entry("queued queries of a session", SessionCommand.QUEUED_MAX),
          entry("pending side requests of a session", Input.SubmitSideRequest.PENDING_MAX),
          entry("tags of a session", SessionCommand.TAGS_MAX),
          entry("users that a session is shared with", SessionAcl.USERS_MAX),
          entry("directories beside the workspace", SessionDirectory.COUNT_MAX),
          entry("subagents", AgentSetup.AGENTS_MAX),
          entry("skills that are named", AgentSetup.SKILLS_MAX),
          entry("plugins", AgentSetup.PLUGINS_MAX),
          entry("variables of the agent's commands", AgentSetup.ENV_MAX),
          entry("MCP servers of a session", SessionTools.SERVERS_MAX),
          entry("client tools", SessionTools.CLIENT_TOOLS_MAX),
          entry("images and documents of a prompt", Attachment.COUNT_MAX),
          entry("mentions of a prompt", Input.MENTIONS_MAX),
          entry("items of a page", PageRequest.LIMIT_MAX),
          entry("changes of an audit entry", AuditChange.CHANGES_MAX),
          entry("words and phrases of a search", SearchFilter.TERMS_MAX),
          entry("different words of a search", SearchFilter.WORDS_MAX),
          entry("reports", ReportCommand.REPORTS_MAX),
          entry("reports of a user", ReportCommand.REPORTS_OF_USER_MAX),
          entry("reports of a user that have not ended", ReportCommand.OPEN_MAX),
          entry("days of a report", ReportSubject.DAYS_MAX),
          entry("policies", PolicyCommand.POLICIES_MAX),
          entry("rules of a policy", PolicyCommand.RULES_MAX),
          entry("patterns of a rule", PolicyCommand.PATTERNS_MAX),
          entry("report schedules of a user", ReportScheduleCommand.SCHEDULES_MAX),
          entry("report templates", ReportTemplateCommand.TEMPLATES_MAX),
          entry("subscriptions", SubscriptionCommand.SUBSCRIPTIONS_MAX),
          entry("event types of a subscription", SubscriptionDefinition.EVENT_TYPES_MAX),
          entry("ids of a type in the filter of a subscription", SubscriptionFilter.IDS_MAX),
          entry("attempts of a delivery that are kept", DeliveryView.ATTEMPTS_MAX),
          entry("tool groups", ToolGroupCommand.GROUPS_MAX),
          entry("hooks", HookCommand.HOOKS_MAX),
          entry("environments", EnvironmentCommand.ENVIRONMENTS_MAX),
          entry("hosts of an environment", EnvironmentDefinition.HOSTS_MAX),
          entry("variables of an environment", EnvironmentDefinition.VARIABLES_MAX),
          entry("mounts of an environment", EnvironmentDefinition.MOUNTS_MAX),
          entry("variables of a template", TemplateVariable.VARIABLES_MAX),
          entry("secrets of a vault", VaultCommand.SECRETS_MAX));

  @Test
  void limitsOnTheirPageAreThoseOfTheCode() throws IOException {
    var page = Files.readString(ApiTestServer.root().resolve("docs/limits.md"));
    LIMITS.forEach(
        (name, limit) ->
            assertThat(page).contains(String.format(Locale.ROOT, "| %s | %,d |", name, limit)));
  }

  @Test
  void scopesOfRolesOnTheirPageAreThoseOfTheCode() throws IOException {
    var page = Files.readString(ApiTestServer.root().resolve("docs/authentication.md"));
    var roles =
        Arrays.stream(Role.values())
            .map(role -> role.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" | ", "| scope | permits | ", " |"));
    assertThat(page).contains(roles);
    assertThat(SCOPE.matcher(page).results().map(row -> row.group(1) + row.group(2)))
        .containsExactlyElementsOf(
            Arrays.stream(Scope.values()).map(DocumentsTest::rolesOf).toList());
  }

  private static String rolesOf(Scope scope) {
    var founding = TenantId.next();
    var ofTenants = new RoleScopes(founding);
    return Arrays.stream(Role.values())
        .map(
            role ->
                ofTenants.scopesOf(TenantId.next(), role).contains(scope)
                    ? " yes |"
                    : ofTenants.scopesOf(founding, role).contains(scope) ? " founding |" : " |")
        .collect(Collectors.joining("", scope.wireName(), ""));
  }

  @Test
  void indexListsEveryDecisionRecordByItsTitle() throws IOException {
    var folder = ApiTestServer.root().resolve("docs/decisions");
    var indexed =
        INDEXED
            .matcher(Files.readString(folder.resolve("README.md")))
            .results()
            .collect(Collectors.toMap(row -> row.group(3), row -> row.group(2)));
    var titles = new TreeMap<String, String>();
    try (Stream<Path> files = Files.list(folder)) {
      for (var file : files.filter(path -> !path.endsWith("README.md")).toList())
        titles.put(file.getFileName().toString(), Files.readAllLines(file).getFirst().substring(2));
    }
    assertThat(indexed).containsExactlyInAnyOrderEntriesOf(titles);
    assertThat(titles)
        .allSatisfy(
            (file, title) ->
                assertThat(file.substring(5)).isEqualTo(anchor(title).replace("'", "") + ".md"));
  }
}
