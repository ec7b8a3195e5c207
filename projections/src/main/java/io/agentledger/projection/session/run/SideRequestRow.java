package io.agentledger.projection.session.run;

import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.session.query.SideRequestView;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One side request of a session. */
@Entity
@Table(name = "side_request_row")
@SuppressWarnings("NullAway.Init")
public class SideRequestRow {
  @Id private String id;
  private String tenant;
  private String sessionId;

  @Enumerated(EnumType.STRING)
  private SideRequestEvent.RequestType type;

  @Enumerated(EnumType.STRING)
  private SideRequestView.Status status;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent question;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent answer;

  @Enumerated(EnumType.STRING)
  private @Nullable FailureReason failureReason;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent failureDetail;

  private String requestedBy;
  private long sequence;
  private Instant requestedAt;
  private @Nullable Instant completedAt;

  protected SideRequestRow() {}

  /** Position and author of a side request's event. */
  record SideRequestContext(String tenant, String requestedBy, long sequence, Instant at) {}

  SideRequestRow(SideRequestSubmitted event, SideRequestContext context) {
    this.id = event.sideRequestId().value();
    this.tenant = context.tenant();
    this.sessionId = event.sessionId().value();
    this.type = event.requestType();
    this.status = SideRequestView.Status.PENDING;
    this.question = SealedContent.of(SideRequestSubmitted.class, "question", event.question());
    this.requestedBy = context.requestedBy();
    this.sequence = context.sequence();
    this.requestedAt = context.at();
  }

  void onAnswered(SideRequestAnswered event, Instant at) {
    status = SideRequestView.Status.ANSWERED;
    answer = SealedContent.of(SideRequestAnswered.class, "answer", event.answer());
    completedAt = at;
  }

  void onFailed(SideRequestFailed event, Instant at) {
    status = SideRequestView.Status.FAILED;
    failureReason = event.failureReason();
    failureDetail =
        SealedContent.of(SideRequestFailed.class, "failureDetail", event.failureDetail());
    completedAt = at;
  }

  public String id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  public String sessionId() {
    return sessionId;
  }

  public SideRequestEvent.RequestType type() {
    return type;
  }

  public SideRequestView.Status status() {
    return status;
  }

  public @Nullable SealedContent question() {
    return question;
  }

  public @Nullable SealedContent answer() {
    return answer;
  }

  public @Nullable FailureReason failureReason() {
    return failureReason;
  }

  public @Nullable SealedContent failureDetail() {
    return failureDetail;
  }

  /** Returns the actor. */
  public String requestedBy() {
    return requestedBy;
  }

  public long sequence() {
    return sequence;
  }

  public Instant requestedAt() {
    return requestedAt;
  }

  public @Nullable Instant completedAt() {
    return completedAt;
  }
}
