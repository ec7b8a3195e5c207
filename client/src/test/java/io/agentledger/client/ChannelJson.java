package io.agentledger.client;

/** JSON of a channel, of a chat with a contact, and of a message, as the service sends it. */
public final class ChannelJson {
  public static final String CHANNEL = "chn_aaaaaaaaaa";
  public static final String CHAT = "cht_bbbbbbbbbb";
  public static final String MESSAGE = "chm_cccccccccc";
  public static final String SESSION = "ses_eeeeeeeeee";
  public static final String USER = "usr_dddddddddd";

  private ChannelJson() {}

  /** Returns a channel with an external agent. */
  public static String channel(boolean paused) {
    return """
        {"id":"%s","owner_id":"%s","path":"/webhooks/http/%1$s","version":3,"name":"Shop",
         "description":null,"platform":"http","settings":{},
         "credentials":{"signing_secret":{"vault_id":"vlt_eeeeeeeeee","name":"shop"}},
         "api_url":"https://shop.example.com/messages","members":["%2$s"],"assignee":null,
         "agent":{"type":"external","url":"https://agent.example.com",
           "secret":{"vault_id":"vlt_eeeeeeeeee","name":"agent"},"mode":"fire_and_forget"},
         "agent_id":null,
         "buffer":{"quiet_seconds":3,"max_wait_seconds":30,"history":40,"window_minutes":1440,
           "tries":3},
         "agent_active":true,"paused":%s,"archived":false,
         "created_at":"2026-11-24T09:00:00Z","changed_at":"2026-11-24T09:00:00Z"}
        """
        .formatted(CHANNEL, USER, paused);
  }

  /** Returns a chat that a user has taken over. */
  public static String chat(String status) {
    return """
        {"id":"%s","channel_id":"%s","platform":"http","contact_address":"+15550100",
         "contact_name":"Eve\\u001b[31m","status":"%s","assignee":null,"agent_state":"taken_over",
         "taken_over_by":"%s","escalation":null,
         "session_id":"%s","labels":["shipping"],"messages":3,"unread":2,
         "last_sender":"contact","preview":"Where is my order?",
         "last_message_at":"2026-11-24T09:00:00Z","opened_at":"2026-11-24T09:00:00Z"}
        """
        .formatted(CHAT, CHANNEL, status, USER, SESSION);
  }

  /**
   * Returns a message.
   *
   * @param text JSON without the quotation marks
   */
  public static String message(int number, String senderType, String text, String status) {
    return """
        {"id":"%s","chat_id":"%s","number":%d,"sender_type":"%s","sender_id":%s,"text":"%s",
         "unsupported":"","media":[],"template":null,"status":"%s","failure":null,"waiting":null,
         "deliveries":null,"at":"2026-11-24T09:00:00Z"}
        """
        .formatted(
            MESSAGE,
            CHAT,
            number,
            senderType,
            senderType.equals("user") ? "\"" + USER + "\"" : "null",
            text,
            status);
  }

  /** Returns a page of items. */
  public static String page(String... items) {
    return "{\"items\":[" + String.join(",", items) + "],\"next_cursor\":null}";
  }
}
