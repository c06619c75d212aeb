/*
 * members - the names in records that no selector has, each written here only:
 * for those who write records and those who read them back.
 *
 * Literals, so that a writer can put quotes and a colon around them.
 */
#ifndef AFETCH_MEMBERS_H
#define AFETCH_MEMBERS_H

/* Of every record; the values of MEMBER_TYPE. */
#define MEMBER_TYPE "type"
#define RECORD_RESULT "result"
#define RECORD_SUMMARY "summary"
#define RECORD_STATISTICS "statistics"
#define RECORD_PLAN "plan" /* instead of all others */

/* Of a result: what holds others. */
#define MEMBER_INTERIM "interim"
#define MEMBER_HEADERS "headers"
#define MEMBER_TIMINGS "timings_ms"
#define MEMBER_TLS "tls"
#define MEMBER_HOPS "hops"
#define MEMBER_ADDRESSES "addresses"
#define MEMBER_IP "ip" /* of a try, too */
#define MEMBER_TRIED "tried"
#define MEMBER_PHASE "phase"
#define MEMBER_CODE "code"
#define MEMBER_MS "ms"
#define MEMBER_AGREE "agree"
#define MEMBER_ERROR "error"
#define MEMBER_LIST_FILE "list_file"
#define MEMBER_LIST_LINE "list_line"
#define MEMBER_INTERIM "interim"
#define MEMBER_ROUND "round"
#define MEMBER_CHECKS "checks" /* of a summary, too */

#define MEMBER_DRIFT "drift" /* of a summary, too */

/* Of a summary: what is read back. */
#define MEMBER_TARGETS "targets"
#define MEMBER_NOT_BEGUN "not_begun"
#define MEMBER_CONCURRENCY "concurrency"
#define MEMBER_SIGNAL "signal"
#define MEMBER_SHARD "shard"
#define MEMBER_LISTED "listed"
#define MEMBER_RESUMED "resumed"
#define MEMBER_ROUNDS "rounds"
#define MEMBER_GROUPS "groups"

#endif
