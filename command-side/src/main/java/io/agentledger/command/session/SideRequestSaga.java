package io.agentledger.command.session;

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
 * One question aside against time: whoever asked is told within the patience that the house has,
 * whatever became of the process and of its node. All that it sends may arrive twice or too late:
 * the session then is silent.
 */
@Saga
@StableName("SideRequestSaga")
@ProcessingGroup(SideRequestSaga.GROUP)
@SuppressWarnings("NullAway.Init") // The first event and the framework fill it.
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
    schedule = null; // It is under way, and cannot be cancelled any more.
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
