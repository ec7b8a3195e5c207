package io.agentledger.command.session.job;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.command.SessionCommand.ExpireSideRequest;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Deadline of one side request: its client gets an answer within the timeout, even if the process
 * or its node fails. Commands may be sent twice or too late; the session then ignores them.
 */
@Saga
@StableName("SideRequestSaga")
@ProcessingGroup(SideRequestSaga.GROUP)
@SuppressWarnings("NullAway.Init") // Set by the first event and the framework.
public class SideRequestSaga {
  static final String GROUP = "side-request-deadlines";
  static final String DEADLINE = "side-request-timeout";
  private static final String SIDE_REQUEST = "sideRequestId";

  @Autowired private transient DeadlineManager deadlines;
  @Autowired private transient CommandGateway commands;
  @Autowired private transient RunSettings settings;

  private SessionId session;
  private SideRequestId sideRequest;
  private Provenance requestProvenance;
  private @Nullable String schedule;

  /** For the framework. */
  public SideRequestSaga() {}

  @StartSaga
  @SagaEventHandler(associationProperty = SIDE_REQUEST)
  void on(SideRequestSubmitted event, MetaData metadata, @Timestamp Instant at) {
    session = event.sessionId();
    sideRequest = event.sideRequestId();
    requestProvenance = Provenance.of(metadata);
    schedule = deadlines.schedule(at.plus(settings.sideRequestTimeout()), DEADLINE);
  }

  @DeadlineHandler(deadlineName = DEADLINE)
  void onTimeout() {
    schedule = null; // The deadline is already being executed and cannot be cancelled any more.
    commands.send(
        GenericCommandMessage.asCommandMessage(new ExpireSideRequest(session, sideRequest))
            .withMetaData(requestProvenance.asService().asMetadata()));
  }

  @EndSaga
  @SagaEventHandler(associationProperty = SIDE_REQUEST)
  void on(SideRequestAnswered event) {
    cancel();
  }

  @EndSaga
  @SagaEventHandler(associationProperty = SIDE_REQUEST)
  void on(SideRequestFailed event) {
    cancel();
  }

  private void cancel() {
    if (schedule != null) deadlines.cancelSchedule(DEADLINE, schedule);
  }
}
