package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.command.SessionCommand.ExpireSideRequest;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.command.session.job.RunSettings;
import io.agentledger.command.session.job.SideRequestSaga;
import java.time.Duration;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A side request expires after the timeout of the settings. */
class SideRequestSagaTest extends SessionFixture {
  private static final SideRequestId SIDE_REQUEST = new SideRequestId("srq_2222222222");
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Provenance PROVENANCE =
      new Provenance(
          new TenantId("tnt_2222222222"),
          Actor.ofUser(ADA),
          new CredentialId("key_2222222222"),
          "req_1");

  private SagaTestFixture<SideRequestSaga> saga;

  @BeforeEach
  void fixture() {
    saga = new SagaTestFixture<>(SideRequestSaga.class);
    saga.registerResource(
        new RunSettings(8, Duration.ZERO, SECOND, Duration.ofMinutes(30), SECOND, TIMEOUT));
  }

  private static Object withMetadata(Object event) {
    return new GenericEventMessage<>(event, PROVENANCE.asMetadata());
  }

  private static Object requested() {
    return withMetadata(
        new SideRequestSubmitted(SESSION, SIDE_REQUEST, RequestType.QUESTION, Content.ABSENT));
  }

  @Test
  void unansweredRequestExpires() throws Exception {
    saga.givenAPublished(requested())
        .whenTimeElapses(TIMEOUT)
        .expectDispatchedCommands(new ExpireSideRequest(SESSION, SIDE_REQUEST));
  }

  @Test
  void answeredOrFailedRequestHasNoDeadline() throws Exception {
    saga.givenAPublished(requested())
        .whenPublishingA(
            withMetadata(new SideRequestAnswered(SESSION, SIDE_REQUEST, Content.ABSENT)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
    fixture();
    saga.givenAPublished(requested())
        .whenPublishingA(
            withMetadata(
                new SideRequestFailed(
                    SESSION, SIDE_REQUEST, FailureReason.PROCESS, Content.ABSENT)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
  }
}
