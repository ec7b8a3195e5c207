package io.agentledger.gateway.support.edge;

/**
 * Number of buffers that Reactor Netty requests before they are sent, for each response and
 * connection. Its default of 128 keeps a MiB of each download in memory whose client does not read.
 */
public final class SendPrefetch {
  public static final int BUFFERS = 16;

  private static final String PROPERTY = "reactor.netty.send.maxPrefetchSize";

  private SendPrefetch() {}

  /** Sets it for this process; Reactor Netty reads it when it sends for the first time. */
  static void set() {
    System.setProperty(PROPERTY, Integer.toString(BUFFERS));
  }
}
