/*
 * html_page - see html_page.h.
 *
 * Invariant: the two hashes are those of the two texts, to the byte (a test
 * computes them).
 */
#include "report/html_page.h"

#include "output/buffer.h"
#include "report/verdict.h"

#include <inttypes.h>
#include <string.h>

#define STYLE_HASH "sha256-fWnT/HnrGH70uel2yzYhQvR6uFHg+yM8YI8t3l3uQ5Y="
#define SCRIPT_HASH "sha256-akRSKnImVjKMGByKat8VspMsuWwTnp17SUS6FmCYuqM="

/* clang-format off: lines as they are in the page. */
#define STYLE                                                                  \
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#5b6570"       \
    ";--line:#d8dee4;--soft:#f3f5f7;--ok:#1a7f37;--way:#0a60c2;--warn:#"       \
    "8a5a00;--bad:#c0202b}\n"                                                  \
    "@media(prefers-color-scheme:dark){:root{--bg:#12161b;--fg:#dde3ea;"       \
    "--dim:#97a3af;--line:#2f3740;--soft:#1b2128;--ok:#4ac26b;--way:#6c"       \
    "b0ff;--warn:#e0a940;--bad:#ff7b80}}\n"                                    \
    "*{box-sizing:border-box}\n"                                               \
    "body{margin:0;padding:1rem 1.25rem;display:flex;flex-direction:col"       \
    "umn;gap:1rem;background:var(--bg);color:var(--fg);font:14px/1.45 s"       \
    "ystem-ui,sans-serif}\n"                                                   \
    "h1{font-size:1.25rem;margin:0}h2{font-size:1rem;margin:.25rem 0}p{"       \
    "margin:.25rem 0}\n"                                                       \
    "#sum{order:1}#time{order:2}#groups{order:3}#removed{order:4}#find{"       \
    "order:5;display:none;gap:.5rem;flex-wrap:wrap;position:sticky;top:"       \
    "0;background:var(--bg);padding:.4rem 0;z-index:1}#rows{order:6;ove"       \
    "rflow-x:auto}\n"                                                          \
    ".js #find{display:flex}\n"                                                \
    "input,select{font:inherit;color:inherit;background:var(--soft);bor"       \
    "der:1px solid var(--line);border-radius:6px;padding:.3rem .5rem}\n"       \
    "input{flex:1;min-width:10rem}\n"                                          \
    "table{border-collapse:collapse}#rows table,#rows thead,#rows tbody"       \
    "{display:block}#rows table{min-width:62rem}#rows tr{display:grid;g"       \
    "rid-template-columns:4.5rem minmax(0,26fr) 9.5rem repeat(5,5.4rem)"       \
    " minmax(0,30fr);border-bottom:1px solid var(--line);content-visibi"       \
    "lity:auto;contain-intrinsic-size:auto 1.85rem}#rows thead tr{conte"       \
    "nt-visibility:visible}\n"                                                 \
    "th,td{text-align:left;padding:.22rem .5rem;border-bottom:1px solid"       \
    " var(--line);vertical-align:top;overflow-wrap:anywhere;unicode-bid"       \
    "i:isolate}\n"                                                             \
    "th{color:var(--dim);font-weight:600;white-space:nowrap}\n"                \
    ".js #rows th{cursor:pointer}.js #rows th:focus-visible{outline:2px"       \
    " solid var(--way)}\n"                                                     \
    "th[aria-sort=ascending]:after{content:\" \\25B2\"}th[aria-sort=des"       \
    "cending]:after{content:\" \\25BC\"}\n"                                    \
    "#rows th,#rows td{border:0}.n,#rows .n{text-align:right;font-varia"       \
    "nt-numeric:tabular-nums;white-space:nowrap}\n"                            \
    ".c2{color:var(--ok)}.c3{color:var(--way)}.c4,.c5,.bad{color:var(--"       \
    "bad)}.c4,.c5,.bad,.c2,.c3{font-weight:600}.warn{color:var(--warn)}"       \
    ".dim{color:var(--dim)}\n"                                                 \
    "summary{cursor:pointer}\n"                                                \
    "pre{margin:.3rem 0;padding:.5rem;background:var(--soft);border-rad"       \
    "ius:6px;font:12px/1.4 ui-monospace,monospace;white-space:pre-wrap;"       \
    "overflow-wrap:anywhere}\n"                                                \
    "svg{display:block;width:100%;background:var(--soft);border-radius:"       \
    "6px}\n"                                                                   \
    ".many{height:45vh;max-height:480px}\n"                                    \
    "text{fill:currentColor;font:11px system-ui,sans-serif}\n"                 \
    ".axis{display:flex;justify-content:space-between;color:var(--dim);"       \
    "font-variant-numeric:tabular-nums}.few{padding-left:22%}\n"               \
    ".p2{stroke:#8250df;fill:#8250df}.p3{stroke:#d4761b;fill:#d4761b}.p"       \
    "4{stroke:#bf3989;fill:#bf3989}.p5{stroke:#6e7781;fill:#6e7781}.p6{"       \
    "stroke:#2a9d5c;fill:#2a9d5c}.p7{stroke:#218bff;fill:#218bff}.px{st"       \
    "roke:var(--bad);fill:var(--bad)}\n"                                       \
    ".key{display:flex;gap:1rem;flex-wrap:wrap;color:var(--dim)}.key sv"       \
    "g{display:inline-block;width:.8em;height:.8em;margin-right:.3em;ve"       \
    "rtical-align:baseline}\n"                                                 \
    "#groups{max-height:26rem;overflow:auto}\n"                                \
    "[hidden]{display:none!important}\n"

#define SCRIPT                                                                 \
    "(function(){'use strict';\n"                                              \
    "var d=document,t=d.querySelector('#rows table');if(!t)return;\n"          \
    "d.documentElement.className='js';\n"                                      \
    "var b=t.tBodies[0],rows=Array.prototype.slice.call(b.rows),q=d.get"       \
    "ElementById('q'),k=d.getElementById('k'),n=d.getElementById('n');\n"      \
    "var texts=[],timer=0;\n"                                                  \
    "function text(i){if(texts[i]===undefined)texts[i]=rows[i].textCont"       \
    "ent.toLowerCase();return texts[i];}\n"                                    \
    "function show(){var w=q.value.toLowerCase(),c=k.value,seen=0;\n"          \
    "rows.forEach(function(r,i){var on=(!c||r.dataset.k.indexOf(c)>=0)&"       \
    "&(!w||text(i).indexOf(w)>=0);if(r.hidden===on)r.hidden=!on;if(on)s"       \
    "een++;});\n"                                                              \
    "n.textContent=seen+' of '+rows.length;}\n"                                \
    "q.addEventListener('input',function(){clearTimeout(timer);timer=se"       \
    "tTimeout(show,80);});\n"                                                  \
    "k.addEventListener('change',show);\n"                                     \
    "var heads=t.tHead.rows[0].cells;\n"                                       \
    "Array.prototype.forEach.call(heads,function(h,col){\n"                    \
    "function sort(){var up=h.getAttribute('aria-sort')!=='ascending',n"       \
    "um=h.className==='n';\n"                                                  \
    "Array.prototype.forEach.call(heads,function(o){o.removeAttribute('"       \
    "aria-sort');});\n"                                                        \
    "h.setAttribute('aria-sort',up?'ascending':'descending');\n"               \
    "var keys=Array.prototype.map.call(b.rows,function(r,i){var s=r.cel"       \
    "ls[col].firstChild?(r.cells[col].querySelector('summary')||r.cells"       \
    "[col]).textContent:'';\n"                                                 \
    "return{r:r,i:i,v:num?(s===''?Infinity:parseFloat(s)):s.toLowerCase"       \
    "()};});\n"                                                                \
    "keys.sort(function(x,y){if(x.v===y.v)return x.i-y.i;if(x.v===Infin"       \
    "ity)return 1;if(y.v===Infinity)return -1;return(x.v<y.v?-1:1)*(up?"       \
    "1:-1);});\n"                                                              \
    "var f=d.createDocumentFragment();keys.forEach(function(e){f.append"       \
    "Child(e.r);});b.appendChild(f);}\n"                                       \
    "h.tabIndex=0;h.setAttribute('role','button');\n"                          \
    "h.addEventListener('click',sort);\n"                                      \
    "h.addEventListener('keydown',function(e){if(e.key==='Enter'||e.key"       \
    "===' '){e.preventDefault();sort();}});});\n"                              \
    "show();})();\n"
/* clang-format on */

const char html_page_head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; "
    "style-src '" STYLE_HASH "'; script-src '" SCRIPT_HASH
    "'; base-uri 'none'; form-action 'none'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<meta name=\"generator\" content=\"afetch " AFETCH_VERSION "\">\n"
    "<title>afetch</title>\n<style>" STYLE "</style>\n</head>\n<body>\n";

const char html_page_end[] = "<script>" SCRIPT "</script>\n</body>\n</html>\n";

static const char *escape_html(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_put(struct output *out, const char *bytes, size_t len)
{
    verdict_put_escaped(out, bytes, len, escape_html);
}

void html_put_text(struct output *out, const char *text)
{
    if (text)
        html_put(out, text, strlen(text));
}

void html_put_ms(struct output *out, int64_t ns)
{
    int64_t tenths = (ns + 50000) / 100000;
    if (ns >= 0)
        output_printf(out, "%" PRId64 ".%d", tenths / 10, (int)(tenths % 10));
}
