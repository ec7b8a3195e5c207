package io.agentledger.command.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.model.ModelRequest.Operation;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process asks its model, and the model API for nothing else but a permitted search. */
class ModelRequestGuardTest {
  private static final String TOOL =
      "{'type':'web_search_20250305','name':'web_search','max_uses':8}";
  private static final String SYSTEM =
      "[{'type':'text','text':'x-anthropic-billing-header: cc_version=2.1.197; a=b;'},"
          + "{'type':'text','text':'You are an assistant for performing a web search tool use'}]";
  private static final WebSearchPermit WEATHER =
      new WebSearchPermit("weather", List.of(), List.of());

  private final ModelRequestGuard guard = new ModelRequestGuard();

  private static HttpHeaders json() {
    return new DefaultHttpHeaders().set("content-type", "application/json");
  }

  private ModelRequestGuard.Check check(HttpHeaders headers, Operation operation, byte[] body) {
    return guard.check(new ModelRequest(RehearsalGateway.CALLER, operation, "", headers, body));
  }

  private ModelRequestGuard.Check check(String body) {
    var bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return check(json(), Operation.MESSAGES, bytes);
  }

  private boolean isPermitted(String body) {
    return check(body).refusal().isEmpty();
  }

  private static String search(String query, String tool) {
    return ("{'model':'m','system':%s,'messages':[{'role':'user','content':"
            + "[{'type':'text','text':'%s'}]}],'tools':[%s]}")
        .formatted(SYSTEM, "Perform a web search for the query: " + query, tool);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'messages':[{'role':'user','content':'hello'}]}",
        "{'messages':[],'tools':[]}",
        "{'messages':[],'tools':[{'name':'Bash','input_schema':{'type':'object'}}]}",
        "{'messages':[],'tools':[{'type':'custom','name':'web_search','input_schema':{}}]}",
        "{'messages':[{'role':'user','content':[{'type':'image','source':{'type':'base64',"
            + "'data':''}}]}]}",
        "{'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'b',"
            + "'input':{'source':{'type':'url'}}}]}]}",
        "{'messages':[{'type':['container_upload'],'source':'url'}],'tools':null}",
        "{'other':{'source':{'type':'url'}},'messages':[{'source':{'type':'text'}}]}"
      })
  void requestForAnAnswerIsPermitted(String body) {
    assertThat(check(body)).isEqualTo(new ModelRequestGuard.Check(Optional.empty(), "", 0));
  }

  @Test
  void modelOfARequestIsReturned() {
    assertThat(check("{'model':'claude-x','messages':[]}").model()).isEqualTo("claude-x");
    assertThat(check("{'model':null,'messages':[]}").model()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'tools':[{'type':'web_search_20250305','name':'web_search','max_uses':8}]}",
        "{'tools':[{'type':'web_fetch_20250910','name':'web_fetch'}]}",
        "{'tools':[{'type':'code_execution_20250825','name':'code_execution'}]}",
        "{'tools':[{'name':'Bash','input_schema':{}},{'type':'web_search_20260209',"
            + "'name':'web_search'}]}",
        "{'tools':[{'type':'web_search_20250305','name':'web_search','input_schema':{}}]}",
        "{'tools':[{'type':null,'name':'web_search','input_schema':{}}]}",
        "{'tools':[{'name':'web_search'}]}",
        "{'tools':{'type':'web_search_20250305'}}",
        "{'tools':'web_search'}",
        "{'mcp_servers':[{'type':'url','url':'https://example.com'}]}",
        "{'mcp_servers':[]}",
        "{'container':{'skills':[]}}",
        "{'messages':[{'role':'user','content':[{'type':'image','source':{'type':'url',"
            + "'url':'https://example.com/secret'}}]}]}",
        "{'messages':[{'role':'user','content':[{'type':'document','source':{'type':'file',"
            + "'file_id':'f'}}]}]}",
        "{'messages':[{'role':'user','content':[{'type':'tool_result','content':[{'type':'image',"
            + "'source':{'type':'url','url':'https://example.com'}}]}]}]}",
        "{'messages':[{'role':'user','content':{'type':'image','source':{'type':'url'}}}]}",
        "{'messages':[{'role':'user','content':[{'type':'container_upload','file_id':'f'}]}]}",
        "{'messages':[{'role':'user','content':[{'type':'web_fetch_tool_result','content':"
            + "{'content':{'type':'document','source':{'type':'url'}}}}]}]}",
        "{'messages':[{'role':'user','content':[{'type':'document','source':{'type':'content',"
            + "'content':[{'type':'image','source':{'type':'url'}}]}}]}]}",
        "{'messages':[{'source':{'source':{'type':'url'},'type':'text'}}]}",
        "{'system':{'source':{}},'messages':[]}",
        "{'system':[{'text':'a'},{'type':{'source':{'type':5}}}]}"
      })
  void requestForAnythingElseIsRefused(String body) {
    assertThat(check(body).refusal()).isPresent();
  }

  /** The model API could read each of these differently from the service. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'tools':[],'tools':[{'type':'web_search_20250305','name':'web_search'}]}",
        "{'tools':[],'\\u0074ools':[{'type':'web_search_20250305','name':'web_search'}]}",
        "{'messages':[]} {'tools':[{'type':'web_search_20250305'}]}",
        "\ufeff{'messages':[]}",
        "{'messages':[],}",
        "{/* */'messages':[]}",
        "[]",
        "",
        "'text'"
      })
  void bodyWithSeveralMeaningsIsRefused(String body) {
    assertThat(check(body).refusal()).isPresent();
  }

  @Test
  void otherEncodingsAreRefused() {
    var body = "{\"messages\":[]}";
    for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16))
      assertThat(check(json(), Operation.MESSAGES, body.getBytes(charset)).refusal()).isPresent();
    byte[] malformed = "{\"a\":\"?\"}".getBytes(StandardCharsets.UTF_8);
    malformed[6] = (byte) 0xff;
    assertThat(check(json(), Operation.MESSAGES, malformed).refusal()).isPresent();
  }

  @Test
  void replacementCharacterOfTheClientIsPermitted() {
    assertThat(isPermitted("{'messages':[{'role':'user','content':'\ufffd \u00e9 \ud83d\ude00'}]}"))
        .isTrue();
  }

  @Test
  void surrogatesInUtf8AreRefused() {
    byte[] body = "{\"a\":\"???\"}".getBytes(StandardCharsets.UTF_8);
    body[6] = (byte) 0xed;
    body[7] = (byte) 0xa0;
    body[8] = (byte) 0x80;
    assertThat(check(json(), Operation.MESSAGES, body).refusal()).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, '', true",
    "application/json; charset=utf-8, '', true",
    "application/json; charset=utf-16, '', false",
    "text/plain, '', false",
    "application/json, gzip, false"
  })
  void bodyIsPlainJson(String type, String encoding, boolean permitted) {
    var headers = new DefaultHttpHeaders().set("content-type", type);
    if (!encoding.isEmpty()) headers.set("content-encoding", encoding);
    var refusal = check(headers, Operation.MESSAGES, "{}".getBytes(StandardCharsets.UTF_8));
    assertThat(refusal.refusal().isEmpty()).isEqualTo(permitted);
  }

  @Test
  void searchIsPermittedOnlyWhileItsCallIsInProgress() {
    assertThat(isPermitted(search("weather", TOOL))).isFalse();
    guard.permitSearch("tcl_1", WEATHER);
    assertThat(check(search("weather", TOOL)).searchCount()).isEqualTo(8);
    assertThat(isPermitted(search("weather of the secret key", TOOL))).isFalse();
    guard.endSearch("tcl_1");
    assertThat(isPermitted(search("weather", TOOL))).isFalse();
    guard.permitSearch("tcl_2", WEATHER);
    guard.endSearches();
    assertThat(isPermitted(search("weather", TOOL))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'web_search_20250305','name':'web_search','max_uses':9}",
        "{'type':'web_search_20250305','name':'web_search'}",
        "{'type':'web_search_20250305','name':'web_search','max_uses':8,'user_location':{}}",
        "{'type':'web_search_20250305','name':'web_search','max_uses':8,'allowed_domains':['a.b']}",
        "{'type':'web_search_20250305','name':'web_search','max_uses':8,'blocked_domains':['a.b']}",
        "{'type':'web_search_20260209','name':'web_search','max_uses':8}",
        "{'type':'web_search_20250305','name':'web_search','max_uses':8},"
            + "{'name':'Bash','input_schema':{}}"
      })
  void anotherSearchThanThePermittedOneIsRefused(String tool) {
    guard.permitSearch("tcl_1", WEATHER);
    assertThat(isPermitted(search("weather", tool))).isFalse();
  }

  @Test
  void searchContainsNoOtherText() {
    guard.permitSearch("tcl_1", WEATHER);
    var permitted = search("weather", TOOL);
    assertThat(isPermitted(permitted)).isTrue();
    assertThat(isPermitted(permitted.replace("a=b;", "a=b; search for\\n the key"))).isFalse();
    assertThat(isPermitted(permitted.replace(SYSTEM, "'Search for the key'"))).isFalse();
    assertThat(
            isPermitted(
                permitted.replace(
                    "'messages':[", "'messages':[{'role':'user','content':'Search for it.'},")))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'output_config':{'effort':'high'} | true",
        "'output_config':{'effort':'search for the key'} | false",
        "'output_config':{'effort':'high','format':'key'} | false",
        "'note':'key' | false"
      })
  void searchHasNoFieldThatCouldContainText(String field, boolean permitted) {
    guard.permitSearch("tcl_1", WEATHER);
    var body = search("weather", TOOL).replace("'messages':", field + ",'messages':");
    assertThat(isPermitted(body)).isEqualTo(permitted);
  }

  @Test
  void searchWithItsDomainsIsPermittedAndCanBeRepeatedAsOftenAsTheCliRetries() {
    guard.permitSearch("tcl_1", new WebSearchPermit("weather", List.of("a.example"), List.of()));
    var tool =
        "{'type':'web_search_20250305','name':'web_search','allowed_domains':['a.example'],"
            + "'max_uses':8}";
    for (int i = 0; i < 16; i++) assertThat(isPermitted(search("weather", tool))).isTrue();
    assertThat(isPermitted(search("weather", tool))).isFalse();
  }

  @Test
  void tokenCountWithASearchIsRefused() {
    guard.permitSearch("tcl_1", WEATHER);
    var body = search("weather", TOOL).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThat(check(json(), Operation.COUNT_TOKENS, body).refusal()).isPresent();
  }
}
