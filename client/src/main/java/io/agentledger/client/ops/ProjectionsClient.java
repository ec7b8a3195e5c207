package io.agentledger.client.ops;

import io.agentledger.api.ops.ProjectionRebuildView;
import io.agentledger.api.ops.ProjectionView;
import io.agentledger.api.shared.Page;
import io.agentledger.client.support.ApiHttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import tools.jackson.core.type.TypeReference;

/** Client of the service's projections. Every call blocks; safe for any number of threads. */
public final class ProjectionsClient {
  private static final String PATH = "/api/v1/admin/projections";

  private final ApiHttpClient http;

  public ProjectionsClient(ApiHttpClient http) {
    this.http = http;
  }

  /** Lists all projections with their progress. */
  public Page<ProjectionView> list() {
    return http.get(PATH, new TypeReference<>() {});
  }

  /** Starts a rebuild of a projection beside its live tables. */
  public ProjectionRebuildView rebuild(String projection) {
    return http.post(
        PATH + "/" + projection + "/rebuild",
        BodyPublishers.noBody(),
        "application/json",
        new TypeReference<>() {});
  }

  /** Returns the last rebuild of a projection. */
  public ProjectionRebuildView findRebuild(String projection) {
    return http.get(PATH + "/" + projection + "/rebuild", new TypeReference<>() {});
  }

  /** Cancels the rebuild of a projection; its live tables stay as they are. */
  public void cancelRebuild(String projection) {
    http.delete(PATH + "/" + projection + "/rebuild");
  }
}
