package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.AgentWishes;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.Origin;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionCommand.ExpireAction;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;

class OpeningTest extends Story {
  private static OpenSession open(String title, Map<String, String> metadata, RunWishes wishes) {
    return new OpenSession(
        SESSION,
        ADA,
        MAIN,
        title,
        metadata,
        wishes,
        AgentWishes.NONE,
        new Budget.Limited(Money.ofUsd("5")),
        new Workspace.Copied(3, 4096),
        new Origin.Fresh(),
        null);
  }

  @Test
  void aSessionOpensWithItsSurroundingsAndIsIdleWithoutSayingSo() {
    session
        .givenNoPriorActivity()
        .when(open(null, Map.of(), RunWishes.NONE))
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
                new Origin.Fresh(),
                List.of(),
                Content.ABSENT,
                Content.ABSENT,
                Content.ABSENT));
  }

  @Test
  void titleAndMetadataAreSealedAndWishesLieOverTheDefaults() {
    var wishes =
        new RunWishes(
            "haiku", PermissionMode.PLAN, List.of("Read"), null, 7, Duration.ofMinutes(1));
    session
        .givenNoPriorActivity()
        .when(open("A title", Map.of("b", "2", "a", "1"), wishes))
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
                new Origin.Fresh(),
                List.of(),
                sealed(SessionOpened.class, "title", "A title"),
                Content.ABSENT,
                sealed(SessionOpened.class, "metadata", "{\"a\":\"1\",\"b\":\"2\"}")));
  }

  @Test
  void openingAgainIsSilence() {
    session
        .given(opened())
        .when(open("Another title", Map.of(), RunWishes.NONE))
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
        .expectException(Rejected.class)
        .expectExceptionDetails(new NotFound("session", SESSION.value()))
        .expectNoEvents();
  }
}
