package io.agentledger.command.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SessionCommand.ExpireAction;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.event.LifecycleEvent.AgentConfigured;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  void aSessionOpensWithItsSurroundingsAndIsIdleWithoutSayingSo() {
    session
        .givenNoPriorActivity()
        .when(open(null, Map.of(), RunOverrides.NONE))
        .expectResultMessagePayload(SESSION)
        .expectEvents(
            new SessionOpened(
                SESSION,
                ADA,
                MAIN,
                AGENT,
                ENVIRONMENT,
                OPTIONS,
                new Budget.Limited(Money.ofUsd("5")),
                new Workspace.Copied(3, 4096),
                new SessionOrigin.Fresh(),
                List.of(),
                Content.ABSENT,
                Content.ABSENT,
                Content.ABSENT));
  }

  @Test
  void titleAndMetadataAreSealedAndWishesLieOverTheDefaults() {
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

  private static AgentConfigured given(SessionId session, UserId owner) {
    boolean own = owner.equals(ADA);
    return new AgentConfigured(
        session,
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
            AgentConfigured.class,
            "definitions",
            "{\"critic\":{\"description\":\"criticises\",\"prompt\":\"You criticise.\","
                + "\"tools\":[\"Read\"],\"effort\":\"high\",\"maxTurns\":3,\"background\":true}}"),
        own ? List.of("GREETING") : List.of(),
        own ? sealed(AgentConfigured.class, "values", "{\"GREETING\":\"hello\"}") : Content.ABSENT);
  }

  /** Who speaks like a pirate, and has the setup of these stories. */
  static ParentSession forebear(SessionId session) {
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
            EnvironmentOpeningTest.NARROW,
            OPTIONS,
            new Budget.Unlimited(),
            new Workspace.Empty(),
            new SessionOrigin.Fresh(),
            List.of(),
            Content.ABSENT,
            sealed(SessionOpened.class, "systemPrompt", "You are a pirate."),
            Content.ABSENT);
    return new ParentSession(
        opened, Optional.empty(), Optional.of(given(session, ADA)), List.of(), plain);
  }

  private static final AgentSnapshot PIRATE =
      new AgentOverrides(
              null,
              new AgentOverrides.SystemPrompt(AgentSnapshot.SystemPrompt.REPLACE, ""),
              List.of(),
              AgentSetup.NONE)
          .applyTo(AGENT);

  @Test
  void whatTheAgentBeginsWithIsSaidRightBehindTheOpening() {
    var agentOverrides = new AgentOverrides(null, null, null, SETUP);
    session
        .givenNoPriorActivity()
        .when(open(ADA, agentOverrides, new SessionOrigin.Fresh()))
        .expectEvents(fresh(new SessionOrigin.Fresh()), given(SESSION, ADA));
  }

  @Test
  void aBranchBeginsAsItsSessionDid() {
    var branch = new SessionOrigin.Forked(new SessionId("ses_3333333333"), 7);
    session
        .givenNoPriorActivity()
        .when(open(ADA, AgentOverrides.NONE, branch))
        .expectEvents(pirate(ADA, branch), given(SESSION, ADA));
  }

  @Test
  void variablesAreNotForOthersWhoBranchOff() {
    var branch = new SessionOrigin.Forked(new SessionId("ses_3333333333"), 7);
    session
        .givenNoPriorActivity()
        .when(open(BOB, AgentOverrides.NONE, branch))
        .expectEvents(pirate(BOB, branch), given(SESSION, BOB));
  }

  private static OpenSession open(UserId owner, AgentOverrides agent, SessionOrigin origin) {
    return new OpenSession(
        SESSION, owner, MAIN, origin, SessionSpec.NONE.with(agent), WorkspaceSpec.empty(), null);
  }

  private static SessionOpened fresh(SessionOrigin origin) {
    return opened(ADA, AGENT, origin, Content.ABSENT, ENVIRONMENT);
  }

  private static SessionOpened pirate(UserId owner, SessionOrigin origin) {
    var prompt = sealed(SessionOpened.class, "systemPrompt", "You are a pirate.");
    return opened(owner, PIRATE, origin, prompt, EnvironmentOpeningTest.NARROW);
  }

  private static SessionOpened opened(
      UserId owner,
      AgentSnapshot agent,
      SessionOrigin origin,
      Content prompt,
      EnvironmentSnapshot environment) {
    return new SessionOpened(
        SESSION,
        owner,
        MAIN,
        agent,
        environment,
        OPTIONS,
        new Budget.Unlimited(),
        new Workspace.Empty(),
        origin,
        List.of(),
        Content.ABSENT,
        prompt,
        Content.ABSENT);
  }

  @Test
  void openingAgainIsSilence() {
    session
        .given(
            new GenericDomainEventMessage<>("Session", SESSION.value(), 0, opened())
                .withMetaData(Map.of("tenant", TENANT.value())))
        .when(open("Another title", Map.of(), RunOverrides.NONE))
        .expectResultMessagePayload(SESSION)
        .expectNoEvents();
  }

  @Test
  void theSessionOfAnotherTenantIsNotThere() {
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
