package io.agentledger.command.workspace.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * HTTP request of JGit through the guarded client. It is sent to the repository's own host only, so
 * that no other host gets a credential. Compressed responses are not accepted, because their size
 * cannot be counted.
 */
final class GitConnection implements HttpConnection {
  /** Headers of JGit that are not sent. */
  private static final Set<String> SKIPPED_HEADERS =
      Set.of("accept-encoding", "connection", "host");

  private final GitTransfer gitTransfer;
  private final URI target;
  private final HttpRequest.Builder request;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private String method = "GET";
  private @Nullable HttpResponse<InputStream> answer;

  private GitConnection(GitTransfer gitTransfer, URI target) {
    this.gitTransfer = gitTransfer;
    this.target = target;
    this.request = HttpRequest.newBuilder(target);
  }

  static HttpConnectionFactory factory(GitTransfer gitTransfer) {
    return new HttpConnectionFactory() {
      @Override
      public HttpConnection create(URL url) throws IOException {
        return new GitConnection(gitTransfer, requireSameOrigin(gitTransfer, url));
      }

      @Override
      public HttpConnection create(URL url, Proxy ignored) throws IOException {
        return create(url);
      }
    };
  }

  private static URI requireSameOrigin(GitTransfer gitTransfer, URL url) throws IOException {
    try {
      var target = url.toURI();
      if (origin(target).equals(origin(gitTransfer.repository()))) return target;
    } catch (URISyntaxException e) {
      // An invalid URL is not the repository's either.
    }
    throw new IOException("the repository redirects to another host");
  }

  static String origin(URI uri) {
    boolean https = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : https ? 443 : 80;
    var host = Objects.requireNonNullElse(uri.getHost(), "").toLowerCase(Locale.ROOT);
    return (https ? "https://" : "http://") + host + ":" + port;
  }

  @Override
  public void connect() throws IOException {
    sendIfNeeded();
  }

  private HttpResponse<InputStream> sendIfNeeded() throws IOException {
    var response = answer;
    if (response != null) return response;
    var content =
        method.equals("POST")
            ? BodyPublishers.ofByteArray(body.toByteArray())
            : BodyPublishers.noBody();
    var received = gitTransfer.send(request.method(method, content).build());
    if (received.headers().firstValue("content-encoding").isPresent())
      throw new IOException("the response is compressed");
    answer = received;
    return received;
  }

  @Override
  public int getResponseCode() throws IOException {
    return sendIfNeeded().statusCode();
  }

  @Override
  public String getResponseMessage() throws IOException {
    return "HTTP " + getResponseCode();
  }

  @Override
  public URL getURL() {
    try {
      return target.toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Map<String, List<String>> getHeaderFields() {
    var response = answer;
    return response == null ? Map.of() : response.headers().map();
  }

  @Override
  public @Nullable String getHeaderField(String name) {
    var all = getHeaderFields(name);
    return all.isEmpty() ? null : all.getLast();
  }

  @Override
  public List<String> getHeaderFields(String name) {
    var response = answer;
    return response == null ? List.of() : response.headers().allValues(name);
  }

  @Override
  public @Nullable String getContentType() {
    return getHeaderField("content-type");
  }

  @Override
  public int getContentLength() {
    var length = getHeaderField("content-length");
    return length != null && length.matches("[0-9]{1,9}") ? Integer.parseInt(length) : -1;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return gitTransfer.countingStream(sendIfNeeded().body());
  }

  @Override
  public OutputStream getOutputStream() {
    return gitTransfer.boundedStream(body);
  }

  @Override
  public void setRequestProperty(String name, String value) {
    if (!SKIPPED_HEADERS.contains(name.toLowerCase(Locale.ROOT))) request.setHeader(name, value);
  }

  @Override
  public void setRequestMethod(String requested) {
    method = requested;
  }

  @Override
  public String getRequestMethod() {
    return method;
  }

  @Override
  public boolean usingProxy() {
    return false;
  }

  @Override
  public void setUseCaches(boolean ignored) {}

  /** Ignored: the guarded client has its own timeout. */
  @Override
  public void setConnectTimeout(int ignored) {}

  /** Ignored: the whole fetch has a time limit. */
  @Override
  public void setReadTimeout(int ignored) {}

  /** Ignored: JGit creates a new connection for a redirect, and its URL is checked again. */
  @Override
  public void setInstanceFollowRedirects(boolean ignored) {}

  @Override
  public void setDoOutput(boolean ignored) {}

  @Override
  public void setFixedLengthStreamingMode(int ignored) {}

  @Override
  public void setChunkedStreamingMode(int ignored) {}

  /** Refuses other trust settings: the guarded client determines them. */
  @Override
  public void configure(
      KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random)
      throws java.security.NoSuchAlgorithmException {
    throw new java.security.NoSuchAlgorithmException("certificates are always checked");
  }

  @Override
  public void setHostnameVerifier(HostnameVerifier ignored)
      throws java.security.NoSuchAlgorithmException {
    throw new java.security.NoSuchAlgorithmException("names are always checked");
  }
}
