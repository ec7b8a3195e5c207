package io.agentledger.gateway.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Connection that sends exactly the bytes of a test. */
final class RawHttp implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 15_000;

  private final Socket socket;
  private final InputStream in;

  RawHttp(int port) throws IOException {
    this(new Socket("127.0.0.1", port));
  }

  RawHttp(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  /** A complete response; null if the connection was closed without one. */
  record Answer(int status, List<String> headers, String body) {
    Optional<String> header(String name) {
      var start = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
          .map(line -> line.substring(start.length()).strip())
          .findFirst();
    }
  }

  /** Sends text; a connection that was closed by the other side is not an error. */
  RawHttp send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawHttp send(byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException exception) {
      // An earlier response can still be read, if there was one.
    }
    return this;
  }

  Optional<Answer> answer() throws IOException {
    try {
      var first = line();
      if (first.isEmpty()) return Optional.empty();
      var headers = new ArrayList<String>();
      for (var line = line(); !line.isEmpty(); line = line()) headers.add(line);
      var answer = new Answer(Integer.parseInt(first.split(" ")[1]), headers, "");
      return Optional.of(new Answer(answer.status(), headers, body(answer)));
    } catch (SocketException reset) {
      return Optional.empty();
    }
  }

  private String body(Answer head) throws IOException {
    if (head.status() == 101 || head.status() == 204 || head.status() == 304) return "";
    var length = head.header("Content-Length");
    if (length.isPresent())
      return new String(in.readNBytes(Integer.parseInt(length.get())), StandardCharsets.UTF_8);
    if (!head.header("Transfer-Encoding").orElse("").equals("chunked")) return "";
    var all = new ByteArrayOutputStream();
    for (int size = chunk(); size > 0; size = chunk()) {
      all.writeBytes(in.readNBytes(size));
      line();
    }
    line();
    return all.toString(StandardCharsets.UTF_8);
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read())
      if (next != '\r') line.write(next);
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Reads up to that text or the end, with raw frames. */
  String untilText(String last) throws IOException {
    var all = new ByteArrayOutputStream();
    try {
      while (!all.toString(StandardCharsets.ISO_8859_1).contains(last)) {
        int next = in.read();
        if (next < 0) break;
        all.write(next);
        all.writeBytes(in.readNBytes(Math.min(in.available(), 65_536)));
      }
    } catch (SocketException reset) {
      // Returns the bytes that were received before.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns whether the other side closes the connection in the given time; other data is ignored.
   */
  boolean isClosedWithin(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      while (in.read() >= 0) {
        // Remaining data is irrelevant.
      }
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    } finally {
      if (!socket.isClosed()) socket.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
