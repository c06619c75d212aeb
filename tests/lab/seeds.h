/* The built-in script: names that examples use answer like real sites. */
#ifndef LAB_SEEDS_H
#define LAB_SEEDS_H

static const char seed_rows[] =
    "www.sina.com.cn dns=6 ttfb=38 tohttps=302 server=Tengine "
    "field=\"X-Via-CDN: f=edge,s=ctc.bj.7,c=127.0.0.1\" "
    "field=\"Cache-Control: max-age=60\"\n"
    "www.sohu.com dns=4 ttfb=17 tohttps=301 server=nginx "
    "field=\"Cache-Control: max-age=60\" field=\"X-From-Sohu: edge-03\"\n"
    "www.163.com dns=9 ttfb=26 tohttps=301 server=web-cdn "
    "field=\"Cdn-User-Ip: 127.0.0.1\" field=\"X-Cache-Remote: HIT\"\n";

#endif
