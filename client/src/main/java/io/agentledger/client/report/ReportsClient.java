package io.agentledger.client.report;

import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportLogo;
import io.agentledger.api.report.ReportQuery.ReportFilter;
import io.agentledger.api.report.ReportSettings;
import io.agentledger.api.report.ReportSettingsView;
import io.agentledger.api.report.ReportView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.AtomicFile;
import io.agentledger.client.support.ClientJson;
import io.agentledger.client.support.QueryString;
import io.agentledger.client.support.ServiceUnavailableException;
import io.agentledger.client.support.SseConnection;
import io.agentledger.client.support.SseParser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** Client of the caller's reports. Every call blocks; safe for any number of threads. */
public final class ReportsClient {
  private static final String PATH = "/api/v1/reports";
  private static final String SETTINGS_PATH = "/api/v1/report-settings";

  /** Silence of a stream after which it is opened again: a report may wait for long. */
  private static final Duration INACTIVITY_TIMEOUT = Duration.ofSeconds(45);

  private static final Duration RECONNECT_DELAY = Duration.ofMillis(500);

  /** Time without a state of the report after which following it fails. */
  private static final Duration UNAVAILABLE_MAX = Duration.ofMinutes(2);

  private final ApiHttpClient http;

  public ReportsClient(ApiHttpClient http) {
    this.http = http;
  }

  /** Requests a report, which a job makes. */
  public ReportView create(ReportRequest request) {
    return http.post(PATH, request.toBody(), new TypeReference<>() {});
  }

  public ReportView find(ReportId report) {
    return http.get(PATH + "/" + report, new TypeReference<>() {});
  }

  /** Lists reports, newest first. */
  public Page<ReportView> list(ReportFilter filter, PageRequest page) {
    var query =
        QueryString.of(page)
            .with("type", filter.type())
            .with("status", filter.status())
            .with("session_id", filter.sessionId())
            .with("schedule_id", filter.scheduleId())
            .with("sha256", filter.sha256());
    return http.get(PATH + query, new TypeReference<>() {});
  }

  /**
   * Waits until a report has ended, and returns its final state. Reconnects if the connection is
   * lost.
   *
   * @param onState called on this thread with the present state and each one that differs from it,
   *     including the final one
   * @throws ServiceUnavailableException if the service is unavailable for two minutes, or the
   *     thread is interrupted
   */
  public ReportView follow(ReportId report, Consumer<ReportView> onState) {
    var states = new StateReader(onState);
    while (true) {
      try (var connection =
          new SseConnection(http, PATH + "/" + report + "/progress", 0, INACTIVITY_TIMEOUT)) {
        connection.connect();
        var last = states.readAll(new SseParser(connection));
        if (last != null && last.status().isFinal()) return last;
        states.pause(new IOException("the service closed the stream"));
      } catch (ApiException exception) {
        // A service that is starting or stopping responds with 503.
        if (exception.status() != 503) throw exception;
        states.pause(exception);
      } catch (IOException exception) {
        states.pause(exception);
      } catch (InterruptedException exception) {
        throw interrupted(exception);
      }
    }
  }

  /**
   * Writes the file of a completed report to a stream, which stays open.
   *
   * @param report final state of the report, which has the SHA-256 of the file
   * @throws IOException if the file differs from its SHA-256, or was not received or written
   */
  public void download(ReportView report, OutputStream target) throws IOException {
    var digest = sha256();
    try (var content = http.openBody(PATH + "/" + report.id() + "/download")) {
      new DigestInputStream(content, digest).transferTo(target);
    }
    var received = HexFormat.of().formatHex(digest.digest());
    if (!received.equals(report.sha256()))
      throw new IOException("its SHA-256 is " + received + ", not " + report.sha256());
  }

  /**
   * Writes the file of a completed report to a file that only its owner can read. The file appears
   * when all of it was received and its SHA-256 is right.
   *
   * @param options how it is moved to its name, for example {@code REPLACE_EXISTING}
   * @throws FileAlreadyExistsException if there is such a file, and it is not to be replaced
   */
  public void download(ReportView report, Path target, CopyOption... options) throws IOException {
    AtomicFile.write(target, file -> download(report, file), options);
  }

  /** Cancels a report; does nothing if it has ended. */
  public ReportView cancel(ReportId report) {
    return http.post(PATH + "/" + report + "/cancel", Map.of(), new TypeReference<>() {});
  }

  /** Deletes a report and its file. */
  public void delete(ReportId report) {
    http.delete(PATH + "/" + report);
  }

  /** Finds the report settings of the tenant. */
  public ReportSettingsView settings() {
    return http.get(SETTINGS_PATH, new TypeReference<>() {});
  }

  /**
   * Replaces the report settings of the tenant.
   *
   * @param logo null: none
   * @param version version of the settings that are replaced
   */
  public ReportSettingsView changeSettings(
      ReportSettings settings, @Nullable ReportLogo logo, long version) {
    var body = new LinkedHashMap<String, Object>();
    body.put("organization", settings.organization());
    body.put("footer", settings.footer());
    if (!settings.accentColor().isEmpty()) body.put("accent_color", settings.accentColor());
    if (logo != null) body.put("logo", logo);
    body.put("retention", settings.retention());
    return http.put(SETTINGS_PATH, body, version, new TypeReference<>() {});
  }

  /**
   * Replaces the report settings of the tenant by the body of the request.
   *
   * @param version version of the settings that are replaced
   * @throws IllegalArgumentException if the body is not a JSON object
   */
  public ReportSettingsView changeSettings(String body, long version) {
    return http.put(SETTINGS_PATH, ClientJson.readObject(body), version, new TypeReference<>() {});
  }

  /** Restores the default settings. */
  public void resetSettings() {
    http.delete(SETTINGS_PATH);
  }

  /** Returns the client of the report templates of the tenant. */
  public ReportTemplatesClient templates() {
    return new ReportTemplatesClient(http);
  }

  /** Returns the client of the caller's schedules of reports. */
  public ReportSchedulesClient schedules() {
    return new ReportSchedulesClient(http);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException exception) {
      throw new IllegalStateException(exception); // Every JDK has it.
    }
  }

  private static ServiceUnavailableException interrupted(InterruptedException exception) {
    Thread.currentThread().interrupt();
    return new ServiceUnavailableException("Interrupted while waiting for the report.", exception);
  }

  /** States of one report from one connection after another. */
  private static final class StateReader {
    private final Consumer<ReportView> onState;
    private @Nullable ReportView last;
    private long receivedNanos = System.nanoTime();

    StateReader(Consumer<ReportView> onState) {
      this.onState = onState;
    }

    /** Reads the states of a connection until one is final, and returns the last one. */
    @Nullable ReportView readAll(SseParser events) throws IOException {
      for (var event = events.next(); event.isPresent(); event = events.next()) {
        var state = parse(event.get().data());
        receivedNanos = System.nanoTime();
        if (!state.equals(last)) onState.accept(state);
        last = state;
        if (state.status().isFinal()) break;
      }
      return last;
    }

    private static ReportView parse(String data) {
      try {
        return ClientJson.MAPPER.readValue(data, ReportView.class);
      } catch (JacksonException exception) {
        throw new ServiceUnavailableException(
            "The stream contains a report that is not valid.", exception);
      }
    }

    /** Waits before the next connection. */
    void pause(Exception cause) {
      if (System.nanoTime() - receivedNanos > UNAVAILABLE_MAX.toNanos())
        throw new ServiceUnavailableException("The service no longer responds.", cause);
      try {
        Thread.sleep(RECONNECT_DELAY);
      } catch (InterruptedException exception) {
        throw interrupted(exception);
      }
    }
  }
}
