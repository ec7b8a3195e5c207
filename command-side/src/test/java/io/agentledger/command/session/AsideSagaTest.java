package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.AsideEvent.AsideAnswered;
import io.agentledger.api.session.AsideEvent.AsideAsked;
import io.agentledger.api.session.AsideEvent.AsideFailed;
import io.agentledger.api.session.AsideEvent.Kind;
import io.agentledger.api.session.AsideEvent.Silence;
import io.agentledger.api.session.AsideId;
import io.agentledger.api.session.SessionCommand.ExpireAside;
import java.time.Duration;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody waits for an answer longer than the house says. */
class AsideSagaTest extends Story {
  private static final AsideId ASIDE = new AsideId("asd_2222222222");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Provenance ASKED =
      new Provenance(
          new TenantId("tnt_2222222222"), Actor.person(ADA), new KeyId("key_2222222222"), "req_1");

  private SagaTestFixture<AsideSaga> saga;

  @BeforeEach
  void fixture() {
    saga = new SagaTestFixture<>(AsideSaga.class);
    saga.registerResource(
        new RunSettings(8, Duration.ZERO, SECOND, Duration.ofMinutes(30), SECOND, PATIENCE));
  }

  private static Object by(Object event) {
    return new GenericEventMessage<>(event, ASKED.asMetadata());
  }

  private static Object asked() {
    return by(new AsideAsked(SESSION, ASIDE, Kind.QUESTION, Content.ABSENT));
  }

  @Test
  void whatNobodyAnswersExpires() throws Exception {
    saga.givenAPublished(asked())
        .whenTimeElapses(PATIENCE)
        .expectDispatchedCommands(new ExpireAside(SESSION, ASIDE));
  }

  @Test
  void whatIsAnsweredOrHasFailedIsNotWaitedFor() throws Exception {
    saga.givenAPublished(asked())
        .whenPublishingA(by(new AsideAnswered(SESSION, ASIDE, Content.ABSENT)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
    fixture();
    saga.givenAPublished(asked())
        .whenPublishingA(by(new AsideFailed(SESSION, ASIDE, Silence.PROCESS, Content.ABSENT)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
  }
}
