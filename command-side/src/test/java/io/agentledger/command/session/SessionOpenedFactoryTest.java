package io.agentledger.command.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SealedAgentSetup;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SealedTools;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.ExpireAction;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.SetTools;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryRemoved;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.session.SessionOpenedFactory.SealedSessionContent;
import io.agentledger.command.support.RecordedDirectory;
import io.agentledger.command.support.RecordedTools;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;

class SessionOpenedFactoryTest extends SessionFixture {
  private static final UserId BOB = new UserId("usr_3333333333");

  private static OpenSession open(
      String title, Map<String, String> metadata, RunOverrides overrides) {
    return new OpenSession(
        SESSION,
        ADA,
        MAIN,
        new SessionOrigin.Fresh(),
        new SessionSpec(
            title,
            metadata,
            overrides,
            AgentOverrides.NONE,
            new Budget.Limited(Money.ofUsd("5")),
            SessionTools.NONE,
            null),
        WorkspaceSpec.from(new Workspace.Copied(3, 4096)),
        null);
  }

  @Test
  void sessionOpensWithItsDefinitionAndIsIdleWithoutAnEvent() {
    session
        .givenNoPriorActivity()
        .when(open(null, Map.of(), RunOverrides.NONE))
        .expectResultMessagePayload(new SubmitResult(SESSION, 1, List.of()))
        .expectEvents(
            new SessionOpened(
                SESSION,
                ADA,
                MAIN,
                AGENT,
                SealedAgentSetup.NONE,
                SealedTools.NONE,
                ENVIRONMENT,
                OPTIONS,
                new Budget.Limited(Money.ofUsd("5")),
                new Workspace.Copied(3, 4096),
                SealedFolder.NONE,
                List.of(),
                new SessionOrigin.Fresh(),
                List.of(),
                Content.ABSENT,
                Content.ABSENT,
                Content.ABSENT));
  }

  @Test
  void titleAndMetadataAreSealedAndRequestOverridesDefaults() {
    var overrides =
        new RunOverrides(
            "haiku", PermissionMode.PLAN, List.of("Read"), null, 7, Duration.ofMinutes(1));
    session
        .givenNoPriorActivity()
        .when(open("A title", Map.of("b", "2", "a", "1"), overrides))
        .expectEvents(
            new SessionOpened(
                SESSION,
                ADA,
                MAIN,
                AGENT,
                SealedAgentSetup.NONE,
                SealedTools.NONE,
                ENVIRONMENT,
                new RunOptions(
                    "haiku",
                    PermissionMode.PLAN,
                    List.of("Read"),
                    OPTIONS.disallowedTools(),
                    7,
                    Duration.ofMinutes(1)),
                new Budget.Limited(Money.ofUsd("5")),
                new Workspace.Copied(3, 4096),
                SealedFolder.NONE,
                List.of(),
                new SessionOrigin.Fresh(),
                List.of(),
                sealed(SessionOpened.class, "title", "A title"),
                Content.ABSENT,
                sealed(SessionOpened.class, "metadata", "{\"a\":\"1\",\"b\":\"2\"}")));
  }

  private static final AgentSetup SETUP =
      new AgentSetup(
          "Explanatory",
          List.of(AgentSetup.SettingSource.PROJECT),
          List.of("greet"),
          List.of("tools/plug"),
          Map.of(
              "critic",
              new AgentSetup.Subagent(
                  "criticises",
                  "You criticise.",
                  List.of("Read"),
                  List.of(),
                  null,
                  AgentOverrides.Effort.HIGH,
                  3,
                  List.of(),
                  true)),
          Map.of("GREETING", "hello"));

  private static SealedAgentSetup configuredAgent(UserId owner) {
    boolean isOwn = owner.equals(ADA);
    return new SealedAgentSetup(
        "Explanatory",
        List.of(AgentSetup.SettingSource.PROJECT),
        List.of("greet"),
        List.of("tools/plug"),
        "",
        List.of(),
        Content.ABSENT,
        false,
        AgentSetup.PreviewFormat.NONE,
        List.of("critic"),
        sealed(
            SessionOpened.class,
            "setup.definitions",
            "{\"critic\":{\"description\":\"criticises\",\"prompt\":\"You criticise.\","
                + "\"tools\":[\"Read\"],\"effort\":\"high\",\"maxTurns\":3,\"background\":true}}"),
        isOwn ? List.of("GREETING") : List.of(),
        isOwn
            ? sealed(SessionOpened.class, "setup.values", "{\"GREETING\":\"hello\"}")
            : Content.ABSENT);
  }

  /** Parent that has the setup of these tests, with a system prompt of its own. */
  static ParentSession parentOf(SessionId session) {
    var plain =
        new PlainSealer() {
          @Override
          public String open(Id subject, Class<?> event, String field, Content content) {
            if (!(content instanceof Content.Inline inline)) return "";
            var text = new String(inline.ciphertext(), UTF_8);
            return text.substring(text.indexOf('/', text.indexOf('/') + 1) + 1);
          }
        };
    var opened =
        new SessionOpened(
            session,
            ADA,
            MAIN,
            PIRATE,
            configuredAgent(ADA),
            SealedTools.NONE,
            EnvironmentOpeningTest.NARROW,
            OPTIONS,
            new Budget.Unlimited(),
            new Workspace.Empty(),
            SealedFolder.NONE,
            directories(ADA),
            new SessionOrigin.Fresh(),
            List.of(),
            Content.ABSENT,
            sealed(SessionOpened.class, "systemPrompt", "You are a pirate."),
            Content.ABSENT);
    var tools = new ToolsSet(session, PIRATE_TOOLS, sealed(ToolsSet.class, "clientTools", "[1]"));
    return new ParentSession(
        opened, RecordedTools.from(tools), RecordedDirectory.from(opened), plain);
  }

  private static final List<SelectedMcpServer> PIRATE_TOOLS =
      List.of(new SelectedMcpServer(SERVER, "files"));

  /** One directory of the operator, and one that Ada has named by its path. */
  private static List<SealedDirectory> directories(UserId owner) {
    var named = new SealedDirectory("data", true, Content.ABSENT);
    var path = sealed(SessionOpened.class, "directories.hostPath", "/home/ada/libs");
    return owner.equals(ADA)
        ? List.of(named, new SealedDirectory("libs", false, path))
        : List.of(named);
  }

  private static final AgentSnapshot PIRATE =
      new AgentOverrides(
              null,
              new AgentOverrides.SystemPrompt(AgentSnapshot.SystemPrompt.REPLACE, ""),
              List.of(),
              AgentSetup.NONE)
          .applyTo(AGENT);

  @Test
  void initialSetupOfTheAgentIsInTheOpening() {
    var agentOverrides = new AgentOverrides(null, null, null, SETUP);
    var fresh = new SessionOrigin.Fresh();
    session
        .givenNoPriorActivity()
        .when(open(ADA, agentOverrides, fresh))
        .expectEvents(
            opened(
                ADA,
                AGENT,
                fresh,
                ENVIRONMENT,
                new SealedSessionContent(
                    configuredAgent(ADA),
                    SealedTools.NONE,
                    SealedFolder.NONE,
                    List.of(),
                    Content.ABSENT)));
  }

  @Test
  void toolsFoldersAndDirectoriesAreInTheOpening() {
    var tool = new AgentSnapshot.ClientTool("weather", "tells it", new Json("{}"));
    var fresh = new SessionOrigin.Fresh();
    var command =
        new OpenSession(
            SESSION,
            ADA,
            MAIN,
            fresh,
            new SessionSpec(
                null,
                Map.of(),
                RunOverrides.NONE,
                AgentOverrides.NONE,
                new Budget.Unlimited(),
                new SessionTools(List.of(), List.of(tool)),
                null),
            new WorkspaceSpec(
                new Workspace.Empty(),
                List.of(
                    new SessionDirectory("data", null, true),
                    new SessionDirectory("libs", "/home/ada/libs", false)),
                new BoundFolder("/home/ada/project", 7)),
            null);
    var shape = "[{\"name\":\"weather\",\"description\":\"tells it\",\"input_schema\":{}}]";
    session
        .givenNoPriorActivity()
        .when(command)
        .expectEvents(
            opened(
                ADA,
                AGENT,
                fresh,
                ENVIRONMENT,
                new SealedSessionContent(
                    SealedAgentSetup.NONE,
                    new SealedTools(
                        List.of(), sealed(SessionOpened.class, "tools.clientTools", shape)),
                    new SealedFolder(
                        sealed(SessionOpened.class, "folder.hostPath", "/home/ada/project"), 7),
                    directories(ADA),
                    Content.ABSENT)));
  }

  private static final Provenance PROVENANCE =
      new Provenance(TENANT, Actor.SERVICE, CredentialId.next(), "req_2222222222");

  private static SessionOpened withTools() {
    var data = List.of(new SealedDirectory("data", true, Content.ABSENT));
    var sealedContent =
        new SealedSessionContent(
            SealedAgentSetup.NONE,
            new SealedTools(PIRATE_TOOLS, Content.ABSENT),
            SealedFolder.NONE,
            data,
            Content.ABSENT);
    return opened(ADA, AGENT, new SessionOrigin.Fresh(), ENVIRONMENT, sealedContent);
  }

  @Test
  void theToolsOfTheOpeningAgainAreSilence() {
    var same = new SetTools(SESSION, new SessionTools(List.of(SERVER), List.of()));
    session
        .given(inTenant(withTools()))
        .when(same, PROVENANCE.asMetadata())
        .expectSuccessfulHandlerExecution()
        .expectNoEvents();
  }

  @Test
  void noToolsAfterTheOpeningAreAnEvent() {
    var none = new SetTools(SESSION, SessionTools.NONE);
    session
        .given(inTenant(withTools()))
        .when(none, PROVENANCE.asMetadata())
        .expectEvents(new ToolsSet(SESSION, List.of(), Content.ABSENT));
  }

  @Test
  void aDirectoryOfTheOpeningAgainIsSilenceAndIsRemovedByItsName() {
    var data = new SessionDirectory("data", null, true);
    session
        .given(withTools())
        .when(submit(new Input.AddDirectories(List.of(data))))
        .expectSuccessfulHandlerExecution()
        .expectNoEvents();
    session
        .given(withTools())
        .when(submit(new Input.RemoveDirectories(List.of("data"))))
        .expectEvents(new DirectoryRemoved(SESSION, "data"));
  }

  private static GenericDomainEventMessage<?> inTenant(SessionOpened opened) {
    return new GenericDomainEventMessage<>("Session", SESSION.value(), 0, opened)
        .withMetaData(Map.of(Provenance.TENANT, TENANT.value()));
  }

  @Test
  void forkStartsWithTheConfigurationOfItsSession() {
    var forked = new SessionOrigin.Forked(new SessionId("ses_3333333333"), 7);
    session
        .givenNoPriorActivity()
        .when(open(ADA, AgentOverrides.NONE, forked))
        .expectEvents(pirateSession(ADA, forked));
  }

  @Test
  void variablesAndPathsAreNotForOthersWhoBranchOff() {
    var forked = new SessionOrigin.Forked(new SessionId("ses_3333333333"), 7);
    session
        .givenNoPriorActivity()
        .when(open(BOB, AgentOverrides.NONE, forked))
        .expectEvents(pirateSession(BOB, forked));
  }

  private static OpenSession open(UserId owner, AgentOverrides agent, SessionOrigin origin) {
    return new OpenSession(
        SESSION, owner, MAIN, origin, SessionSpec.NONE.with(agent), WorkspaceSpec.empty(), null);
  }

  private static SessionOpened pirateSession(UserId owner, SessionOrigin origin) {
    var tools = sealed(SessionOpened.class, "tools.clientTools", "[1]");
    var sealedContent =
        new SealedSessionContent(
            configuredAgent(owner),
            new SealedTools(PIRATE_TOOLS, tools),
            SealedFolder.NONE,
            directories(owner),
            sealed(SessionOpened.class, "systemPrompt", "You are a pirate."));
    return opened(owner, PIRATE, origin, EnvironmentOpeningTest.NARROW, sealedContent);
  }

  private static SessionOpened opened(
      UserId owner,
      AgentSnapshot agent,
      SessionOrigin origin,
      EnvironmentSnapshot environment,
      SealedSessionContent sealedContent) {
    return new SessionOpened(
        SESSION,
        owner,
        MAIN,
        agent,
        sealedContent.setup(),
        sealedContent.tools(),
        environment,
        OPTIONS,
        new Budget.Unlimited(),
        new Workspace.Empty(),
        sealedContent.folder(),
        sealedContent.directories(),
        origin,
        List.of(),
        Content.ABSENT,
        sealedContent.systemPrompt(),
        Content.ABSENT);
  }

  @Test
  void sessionOpensWithItsFirstQuery() {
    session
        .givenNoPriorActivity()
        .when(
            new OpenSession(
                SESSION,
                ADA,
                MAIN,
                new SessionOrigin.Fresh(),
                SessionSpec.NONE,
                WorkspaceSpec.empty(),
                List.of(prompt(QUERY, RUN, "hi")),
                null))
        .expectResultMessagePayload(
            new SubmitResult(SESSION, 1, List.of(new SubmitResult.Accepted(QUERY, RUN, 0))));
  }

  @Test
  void repeatedOpeningRecordsNothing() {
    session
        .given(
            new GenericDomainEventMessage<>("Session", SESSION.value(), 0, opened())
                .withMetaData(Map.of("tenant", TENANT.value())))
        .when(open("Another title", Map.of(), RunOverrides.NONE))
        .expectResultMessagePayload(new SubmitResult(SESSION, 1, List.of()))
        .expectNoEvents();
  }

  @Test
  void sessionOfAnotherTenantIsNotFound() {
    session
        .given(
            new GenericDomainEventMessage<>("Session", SESSION.value(), 0, opened())
                .withMetaData(Map.of("tenant", "tnt_2222222222")))
        .when(
            new ExpireAction(SESSION, new ActionId("act_2222222222")),
            Map.of("tenant", "tnt_3333333333"))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotFound("session", SESSION.value()))
        .expectNoEvents();
  }
}
