package io.agentledger.command.mcp.connection;

import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.spec.McpError;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Evidence of why a server cannot be used: what its transport observed, beside the exceptions of
 * the client. Describes failures in the service's own words, because messages of servers and of the
 * network may contain anything; of a program that has ended it quotes one line of its error output,
 * bounded, without control characters and without the secrets of the connection. Thread-safe.
 */
final class ServerEvidence {
  /** Prefix of the last line of a program's error output, which its supervisor writes. */
  private static final String EXIT_MARK = "agentledger: exit status ";

  private static final int LINES_MAX = 20;
  private static final int LINE_LENGTH_MAX = 300;

  private final UnaryOperator<String> redaction;
  private final Deque<String> errorLines = new ArrayDeque<>();
  private volatile String exitStatus = "";
  private volatile String unpermittedPath = "";
  private volatile boolean invalidLine;
  private volatile boolean initialized;
  private volatile @Nullable HttpAnswer httpAnswer;

  /** Head of the last response over HTTP. */
  private record HttpAnswer(int status, String contentType) {
    /** Returns whether it is no response of an MCP server, whose client would wait for one. */
    boolean isForeign() {
      return status >= 300 || !contentType.matches("(?i)application/json|text/event-stream");
    }
  }

  /**
   * @param redaction removes the secrets of the connection from a text
   */
  ServerEvidence(UnaryOperator<String> redaction) {
    this.redaction = redaction;
  }

  /** Records a path in the arguments of a program that its sandbox does not contain. */
  void recordUnpermittedPath(String path) {
    unpermittedPath = path;
  }

  /** Records that a program wrote a line that is not JSON. */
  void recordInvalidLine() {
    invalidLine = true;
  }

  /** Records that the server has initialized the connection. */
  void recordInitialized() {
    initialized = true;
  }

  /** Records the head of a response to a message. */
  void recordResponse(int status, String contentType) {
    httpAnswer = new HttpAnswer(status, contentType);
  }

  /**
   * Records a line of a program's error output.
   *
   * @return whether it is the last line, which reports the program's exit
   */
  boolean recordErrorLine(String line) {
    if (line.startsWith(EXIT_MARK)) {
      exitStatus = line.substring(EXIT_MARK.length());
      return true;
    }
    synchronized (errorLines) {
      if (errorLines.size() == LINES_MAX) errorLines.removeFirst();
      errorLines.addLast(line.substring(0, Math.min(line.length(), 4 * LINE_LENGTH_MAX)));
    }
    return false;
  }

  /** Describes the end of a program, as the end of a sentence. */
  String describeEnd() {
    if (invalidLine) return "it does not speak MCP: its program wrote a line that is not JSON";
    var status = exitStatus.matches("\\d{1,3}") ? " with exit status " + exitStatus : "";
    var line = lastErrorLine();
    var cause = line.isEmpty() ? "; it wrote no error" : ": " + line;
    var hint =
        unpermittedPath.isEmpty()
            ? ""
            : "; "
                + unpermittedPath
                + " is in no directory of the setting agentledger.mcp.programs";
    return "its program has ended" + status + cause + hint;
  }

  /**
   * Returns the last line that names an error, or else the last one, because some interpreters
   * write other lines after it.
   */
  private String lastErrorLine() {
    List<String> lines;
    synchronized (errorLines) {
      lines = errorLines.stream().map(this::clean).filter(line -> !line.isEmpty()).toList();
    }
    return lines.reversed().stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).contains("error"))
        .findFirst()
        .orElse(lines.isEmpty() ? "" : lines.getLast());
  }

  private String clean(String line) {
    var text = redaction.apply(line).replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Z}]+", " ").strip();
    return text.length() <= LINE_LENGTH_MAX ? text : text.substring(0, LINE_LENGTH_MAX) + "…";
  }

  /** Describes a failure, as the end of a sentence. */
  String describe(Throwable failure) {
    boolean late = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      late |= cause instanceof TimeoutException;
      var known = describeKnown(cause);
      if (known != null) return known;
    }
    var answer = httpAnswer;
    if (answer != null && answer.isForeign() && (answer.status() >= 300 || !initialized))
      return describe(answer);
    if (late) return "it did not respond in time";
    return isNetworkFailure(failure)
        ? "its address cannot be reached: the connection was closed without a response"
        : "it does not speak MCP";
  }

  private static @Nullable String describeKnown(Throwable cause) {
    return switch (cause) {
      case McpConnectionException e -> String.valueOf(e.getMessage());
      case OutboundRefusedException e -> "its address " + e.rule().description();
      case McpHttpClientTransportAuthorizationException e ->
          describeRefusal(e.getResponseInfo().statusCode());
      case McpError error -> "it responded with the error " + error.getJsonRpcError().code();
      case ConnectException e -> "its address cannot be reached: the connection was refused";
      case SSLException e -> "its address cannot be reached: the TLS connection failed";
      default -> null;
    };
  }

  private static boolean isNetworkFailure(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause())
      if (cause instanceof IOException) return true;
    return false;
  }

  private static String describe(HttpAnswer answer) {
    int status = answer.status();
    if (status == 401 || status == 403) return describeRefusal(status);
    if (status >= 500) return "it responded with HTTP status " + status;
    var type = answer.contentType().matches("[a-zA-Z0-9.+/-]{1,80}") ? answer.contentType() : "";
    return "it does not speak MCP at this address: it responded with HTTP status "
        + status
        + (type.isEmpty() ? "" : " and the type " + type);
  }

  private static String describeRefusal(int status) {
    return status == 401
        ? "it requires a valid credential (HTTP status 401): check the secret in its headers"
        : "its credential is not sufficient (HTTP status " + status + ")";
  }
}
