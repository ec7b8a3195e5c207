package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of connections of the sandbox to hosts, allowed and denied. */
public sealed interface EgressEvent extends OutputEvent {
  /**
   * The sandbox may connect to a host, for the first time in this run; recorded before the
   * connection is made. The traffic itself is not inspected.
   *
   * @param host requested name, or an address
   * @param rule rule that allows it
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
   * @param host requested host
   * @param port 0 if the request had no valid one
   * @param rule rule that denied it
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
