package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Whom the sandbox spoke with, and with whom it was not let. */
public sealed interface EgressEvent extends OutputEvent {
  /**
   * The sandbox may connect to a host, for the first time in this run; recorded before the
   * connection is made. The traffic itself is not inspected.
   *
   * @param host a name as it was asked for, or an address
   * @param rule what allows it, in words a person can look up
   */
  @Revision("1")
  @StableName("EgressAllowed")
  record EgressAllowed(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      Content host,
      int port,
      String rule)
      implements EgressEvent {}

  /**
   * The sandbox was denied a connection to a host; recorded once for each host, port and rule in a
   * run.
   *
   * @param host as it was asked for
   * @param port 0 where it named none that can be one
   * @param rule what refused it, in words a person can look up
   */
  @Revision("1")
  @StableName("EgressDenied")
  record EgressDenied(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      Content host,
      int port,
      String rule)
      implements EgressEvent {}
}
